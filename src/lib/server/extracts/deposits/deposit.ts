import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Refused } from '#lib/domain/bad-request.ts';
import type { ImportProfile } from '#lib/domain/import-profile.ts';
import type { BuiltWarehouse } from '#lib/server/warehouse/build.ts';
import { readState, withWriter, type Lot } from '#lib/server/warehouse/store.ts';
import { removeLeftovers } from '#lib/server/extracts/batch.ts';
import type { ReadingChoices } from '#lib/server/extracts/choices.ts';
import type { ImportContext, Progress, Rehearse } from '#lib/server/extracts/import-context.ts';
import { commit, DISK_FULL, isDiskFull, openFiles, type SourceFile } from '#lib/server/extracts/importer.ts';
import { prepareTables, rehearsePrepared, type Prepared, type TableOutcome } from '#lib/server/extracts/prepare.ts';
import { isRefusal, type FileRefusal } from '#lib/server/extracts/report.ts';
import type { SourceTable } from '#lib/server/extracts/files/open-file.ts';

/**
 * - `attente`, `lecture`: to be read, being read
 * - `pret`: read; nothing is in the data before the user confirms
 * - `enregistrement`, `enregistre`: being committed, committed
 * - `echec`: stopped by the user, or by something that is no fault of one file
 */
export type Phase = 'attente' | 'lecture' | 'pret' | 'enregistrement' | 'enregistre' | 'echec';

export interface DepositContext extends ImportContext {
  rehearse: Rehearse;
}

const COMMITTING = 'L’enregistrement est en cours et ne s’interrompt plus : annulez ensuite les lots depuis leur page.';
const CHANGED =
  'Les données ou les profils ont changé depuis la lecture, et ces fichiers ne se lisent plus de même : rien n’a été enregistré. Déposez-les de nouveau.';

/** Dropped files, from their arrival to their import: read at once, shown, corrected, confirmed or abandoned. */
export class Deposit {
  readonly received = Date.now();
  phase: Phase = 'attente';
  progress: Progress | null = null;
  failure: string | null = null;
  tables: SourceTable[] = [];
  refused: FileRefusal[] = [];
  /** What the user said of a table, by its position. */
  readonly choices = new Map<number, ReadingChoices>();
  /** Mappings the user is trying on the assistant's page, not applied yet. */
  readonly drafts = new Map<number, ImportProfile>();
  /** Tables the user leaves aside. */
  readonly excluded = new Set<number>();
  prepared: Prepared | null = null;
  /** The warehouse that confirming would make. */
  trial: BuiltWarehouse | null = null;
  private readings = 0;
  private opened = false;
  private controller = new AbortController();

  constructor(
    readonly id: string,
    readonly folder: string,
    readonly files: (SourceFile & { size: number })[],
    private readonly context: DepositContext
  ) {}

  get running(): boolean {
    return this.phase === 'attente' || this.phase === 'lecture' || this.phase === 'enregistrement';
  }

  /** The outcome of the table at a position; null while it is not read, or when it is left aside. */
  outcomeOf(index: number): TableOutcome | null {
    return this.prepared?.outcomes.find(({ table }) => table === this.tables[index]) ?? null;
  }

  /** Reads every table that is not left aside, then builds the warehouse they would make. Called one deposit at a time. */
  async read(): Promise<void> {
    if (this.controller.signal.aborted) return;
    await this.during('lecture', 'pret', async (context) => {
      this.forget();
      if (!this.opened) {
        const opened = await openFiles(context, this.files, join(this.folder, 'sources'));
        this.tables = opened.filter((each): each is SourceTable => !isRefusal(each));
        this.refused = opened.filter(isRefusal);
        this.opened = true;
      }
      this.prepared = await this.prepare(context);
      if (this.openDates().length > 0 || !this.prepared.lots.some(bringsSomething)) return;
      context.onProgress?.({ fichier: '', rang: 0, fichiers: 0, etape: 'publication' });
      this.trial = await rehearsePrepared(this.context, this.prepared, context.signal);
    });
  }

  /** Tables whose dates read both ways: the user has to say. */
  openDates(): TableOutcome[] {
    return (this.prepared?.outcomes ?? []).filter(
      ({ report }) => !('refus' in report) && Boolean(report.lecture?.date_ambigue)
    );
  }

  /** Gives the lots to the store. What changed there since they were read is taken into account first. */
  async confirm(): Promise<void> {
    if (this.phase !== 'pret' || !this.prepared)
      throw new Refused('Ce dépôt n’est pas prêt : attendez la fin de sa lecture.');
    if (this.openDates().length > 0)
      throw new Refused('Dites d’abord comment lire les dates : jour/mois ou mois/jour.');
    if (this.prepared.lots.length === 0) throw new Refused('Aucun fichier de ce dépôt ne peut être enregistré.');
    const { store } = this.context.config;
    const done = await this.during('enregistrement', 'enregistre', (context) =>
      withWriter(store, async () => {
        removeLeftovers(store);
        const unchanged = JSON.stringify(readState(store)?.lots ?? []) === JSON.stringify(this.prepared!.base);
        if (!unchanged) await this.prepareAgain(context);
        await commit(context, this.prepared!, this.trial ?? undefined);
      })
    );
    if (done) this.remove();
  }

  /** The store changed since the reading: verdicts are made again, and nothing is recorded that was not shown. */
  private async prepareAgain(context: ImportContext): Promise<void> {
    const shown = this.prepared!.outcomes.map(({ lot }) => lot?.type ?? null);
    this.forget();
    this.prepared = await this.prepare(context);
    const now = this.prepared.outcomes.map(({ lot }) => lot?.type ?? null);
    if (this.openDates().length > 0 || JSON.stringify(now) !== JSON.stringify(shown)) throw new Refused(CHANGED);
  }

  /** Stops what is under way. */
  interrupt(): void {
    if (!this.running) return;
    if (this.phase === 'enregistrement') throw new Refused(COMMITTING);
    this.controller.abort();
    if (this.phase === 'attente') this.fail('Lecture interrompue à votre demande : rien n’a été enregistré.');
  }

  /** Removes everything of this deposit from the disk. */
  remove(): void {
    try {
      rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
    } catch (error) {
      // What spills may still be closing: the next start removes the rest.
      console.error('deposit not removed:', error);
    }
  }

  private prepare(context: ImportContext): Promise<Prepared> {
    const kept = this.tables.filter((_table, index) => !this.excluded.has(index));
    const folder = join(this.folder, `lecture-${++this.readings}`);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const choicesOf = (table: SourceTable) => this.choices.get(this.tables.indexOf(table)) ?? {};
    return prepareTables(context, kept, { choicesOf }, folder);
  }

  private forget(): void {
    if (this.prepared) rmSync(this.prepared.folder, { recursive: true, force: true });
    this.prepared = null;
    this.trial = null;
  }

  private async during(phase: Phase, then: Phase, work: (context: ImportContext) => Promise<void>): Promise<boolean> {
    this.controller = new AbortController();
    const { signal } = this.controller;
    this.phase = phase;
    this.progress = null;
    try {
      await work({ ...this.context, signal, onProgress: (progress) => (this.progress = progress) });
      this.phase = then;
      return true;
    } catch (error) {
      if (signal.aborted) this.fail('Interrompu à votre demande : rien n’a été enregistré.');
      else if (isDiskFull(error)) this.fail(DISK_FULL);
      else if (error instanceof Refused) this.fail(error.message);
      else {
        console.error(error);
        this.fail(
          'Une erreur inattendue a arrêté ce dépôt. Rien n’a été enregistré : réessayez, et signalez-la si elle revient.'
        );
      }
      return false;
    }
  }

  private fail(message: string): void {
    this.phase = 'echec';
    this.failure = message;
    this.forget();
    this.remove();
  }
}

const bringsSomething = ({ acceptees, remplacees }: Lot) => acceptees + remplacees > 0;
