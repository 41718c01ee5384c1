import type { Reference } from '#lib/domain/reference.ts';
import type { Config } from '#lib/server/config.ts';
import type { BuiltWarehouse } from '#lib/server/warehouse/build.ts';
import type { Lot, StoreState } from '#lib/server/warehouse/store.ts';

/**
 * Builds the warehouse from these lots, or takes the one already built from them, and makes both current: the commit
 * point. Called within `withWriter`.
 */
export type Publish = (lots: Lot[], built?: BuiltWarehouse) => Promise<StoreState>;

/** Builds at a path the warehouse that these lots would make, their rows being where `accepted` says. */
export type Rehearse = (
  lots: Lot[],
  path: string,
  options: { accepted: (lot: Lot) => string; signal?: AbortSignal }
) => Promise<BuiltWarehouse>;

export interface Progress {
  fichier: string;
  /** Position of the file among those of this import, from 1. */
  rang: number;
  fichiers: number;
  etape: 'ouverture' | 'lecture' | 'controle' | 'ecriture' | 'publication';
  /** Bytes read so far, while they are read. */
  octets?: number;
}

export interface ImportContext {
  config: Config;
  reference: Reference;
  publish: Publish;
  onProgress?: (progress: Progress) => void;
  signal?: AbortSignal;
}
