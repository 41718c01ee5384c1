import { formatNumber, NARROW_SPACE } from '#lib/domain/format.ts';
import { countOf } from '#lib/domain/sentence.ts';
import type { Deposit } from '#lib/server/extracts/deposits/deposit.ts';
import { waitingBefore } from '#lib/server/extracts/deposits/registry.ts';
import type { Progress } from '#lib/server/extracts/import-context.ts';

/** How far a deposit is, in words and as a share of the bytes read; null where nobody can tell. */
export interface DepositProgress {
  running: boolean;
  sentence: string;
  share: number | null;
}

const STEPS: Record<Progress['etape'], string> = {
  ouverture: 'Ouverture',
  lecture: 'Lecture',
  controle: 'Contrôle des lignes',
  ecriture: 'Préparation des lignes',
  publication: 'Calcul des chiffres'
};

/** How far the server is with a deposit. */
export function progressOf(deposit: Deposit): DepositProgress {
  const { running, phase, progress } = deposit;
  if (!running) return { running, sentence: '', share: null };
  if (phase === 'attente') {
    const before = waitingBefore(deposit);
    return {
      running,
      sentence:
        before > 0
          ? `En attente : ${countOf(before, 'autre dépôt', 'autres dépôts')} d’abord…`
          : 'La lecture va commencer…',
      share: null
    };
  }
  if (!progress) return { running, sentence: phase === 'lecture' ? 'Lecture…' : 'Enregistrement…', share: null };
  const { etape, fichier, rang, fichiers, octets } = progress;
  if (etape === 'publication') {
    return {
      running,
      sentence: phase === 'lecture' ? 'Calcul de l’effet sur les engagements…' : 'Mise à jour des chiffres…',
      share: null
    };
  }
  const size = etape === 'lecture' ? sizeOf(deposit, fichier) : 0;
  const share = size > 0 && octets !== undefined ? Math.min(1, octets / size) : null;
  const part = share === null ? '' : `, ${formatNumber(Math.floor(share * 100))}${NARROW_SPACE}%`;
  return { running, sentence: `${STEPS[etape]} de ${fichier} (${rang} sur ${fichiers})${part}…`, share };
}

/** Bytes of the file a table comes from; 0 when it is part of a larger file. */
function sizeOf({ files }: Deposit, name: string): number {
  return files.find((file) => file.name === name)?.size ?? 0;
}
