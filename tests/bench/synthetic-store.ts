import { mkdirSync, writeFileSync } from 'node:fs';
import { EXTRACTS, EXTRACT_TYPES, type ExtractType } from '#lib/domain/extracts.ts';
import { addMonths, daysBetween } from '#lib/domain/period.ts';
import { literal, openDatabase, type Connection } from '#lib/server/warehouse/database.ts';
import { storePaths, type Lot } from '#lib/server/warehouse/store.ts';

export interface Volume {
  rdv: number;
  years: number;
  /** The day after the last act. */
  end: string;
  /** Their codes: families live in each alike. */
  communes: string[];
}

const pick = (codes: string[], seed: string) =>
  `[${codes.map((c) => `'${c}'`).join(', ')}][1 + (hash(i, ${seed}) % ${codes.length})::integer]`;
const OFFRES = [
  'separation',
  'separation',
  'separation',
  'separation',
  'impaye_loyer',
  'deces_parent',
  'parents_seuls',
  'surpeuplement'
];

/** One SELECT per type: uniform random rows, deterministic (hash of the row number), as many as the volume asks. */
function selects({ rdv, years, end, communes }: Volume): Record<ExtractType, { rows: number; sql: string }> {
  const start = addMonths(end, -12 * years);
  const days = daysBetween(start, end);
  const interventions = Math.round(rdv / 4);
  const families = Math.round(rdv / 8);
  const agents = Math.max(37, Math.round(rdv / years / 360));
  const months = years * 12;
  const day = (seed: string, margin = 0) => `(date '${start}' + (hash(i, ${seed}) % ${days - margin})::integer)::date`;
  // A meeting follows the start of its intervention within 200 days: delays are those of work, not of chance.
  const opened = `(hash((hash(i, 15) % ${interventions})::bigint, 5) % ${days})::integer`;
  const meeting = `(date '${start}' + ${opened} + (hash(i, 16) % greatest(1, least(200, ${days} - ${opened}))::ubigint)::integer)::date`;
  const nature = `case when hash(i, 3) % 10 < 3 then 'accompagnement' when hash(i, 3) % 100 < 97 then 'information_conseil' else 'rendez_vous_des_droits' end`;
  return {
    agents: {
      rows: agents,
      sql: `'A' || i as agent, ${pick(['AS', 'CESF'], '1')} as metier, 'sisic' as service, ${pick(['creteil', 'orly', 'champigny'], '2')} as territoire, null::varchar as site, 0.8 + (i % 3) * 0.1 as etp, date '${start}' as date_debut, null::date as date_fin`
    },
    absences: {
      rows: agents * years,
      sql: `'A' || (i % ${agents}) as agent, ${day('1')} as date_debut, ${day('1')} + 10 as date_fin, 'conge' as motif`
    },
    evenements: {
      rows: interventions,
      sql: `'E' || i as evenement, 'FAM-' || (hash(i, 9) % ${families}) as famille, ${pick(OFFRES, '4')} as type_evenement, ${day('5')} as date_evenement, ${day('5')} as date_detection, ${pick(['requete', 'agent_caf', 'partenaire', 'famille'], '6')} as canal, ${pick(communes, '7')} as commune, null::varchar as qpv, null::varchar as territoire`
    },
    contacts: {
      rows: interventions,
      sql: `'C' || i as contact, 'E' || i as evenement, least(${day('5')} + (hash(i, 8) % 40)::integer, date '${end}' - 1)::date as date_contact, 'courrier' as mode, 'mise_a_disposition' as nature, ${pick(['en_attente', 'refus', 'rdv_pris', 'sans_reponse'], '2')} as resultat`
    },
    interventions: {
      rows: interventions,
      sql: `'I' || i as intervention, 'FAM-' || (hash(i, 9) % ${families}) as famille, 'E' || i as evenement, ${pick(OFFRES, '4')} as offre, ${nature} as nature, ${day('5')} as date_debut, case when hash(i, 11) % 10 < 9 then least(${day('5')} + (20 + hash(i, 12) % 200)::integer, date '${end}' - 1) end::date as date_fin, null::date as date_contrat, hash(i, 13) % 20 = 0 as vad_refusee, null::varchar as issue, 'A' || (hash(i, 14) % ${agents}) as agent, ${pick(communes, '7')} as commune, null::varchar as territoire`
    },
    rendez_vous: {
      rows: rdv,
      sql: `'R' || i as rendez_vous, 'I' || (hash(i, 15) % ${interventions}) as intervention, 'A' || (hash(i, 14) % ${agents}) as agent, ${meeting} as date, ${pick(['presentiel', 'presentiel', 'presentiel', 'presentiel', 'presentiel', 'presentiel', 'visite_domicile', 'telephone', 'telephone', 'visio'], '17')} as modalite, null::varchar as lieu, ${pick(['honore', 'honore', 'honore', 'honore', 'absent'], '18')} as statut, (30 + hash(i, 19) % 30)::integer as duree_minutes, (90 + hash(i, 20) % 60)::integer as temps_global_minutes`
    },
    seances_collectives: {
      rows: agents * 3 * years,
      sql: `'S' || i as seance, 'ACT' || (i // 2) as action, ${pick(['information_collective', 'action_groupe'], '21')} as nature, ${pick(OFFRES, '4')} as offre, ${pick(['creteil', 'orly', 'champigny'], '2')} as territoire, null::varchar as commune, null::varchar as lieu, ${day('22')} as date, 120::integer as duree_minutes, 12::integer as inscrits, 9::integer as presents, ['A' || (i % ${agents})] as agents`
    },
    temps: {
      rows: agents * months * 3,
      sql: `'A' || (i // ${months * 3}) as agent, (date '${start}' + to_months(((i // 3) % ${months})::integer))::date as mois, ['individuel', 'collectif', 'institutionnel'][1 + (i % 3)::integer] as categorie, null::varchar as detail, [80.0, 26.0, 19.0][1 + (i % 3)::integer] as heures`
    }
  };
}

async function writeBatch(
  db: Connection,
  store: string,
  type: ExtractType,
  select: { rows: number; sql: string },
  rang: number
) {
  const paths = storePaths(store);
  const lot = `banc-${type}`;
  mkdirSync(paths.batch(lot), { recursive: true });
  await db.run(
    `copy (select ${select.sql}, i::integer as _ligne, 'acceptee' as _verdict from range(${select.rows}) as t (i))
     to ${literal(paths.accepted(lot))} (format parquet, compression zstd)`
  );
  const { rows } = select;
  const { n } = await db.one<{ n: number }>(
    `select count(*)::double as n from read_parquet(${literal(paths.accepted(lot))})`
  );
  if (n !== rows) throw new Error(`${type}: ${n} rows written, ${rows} expected`);
  const record: Lot = {
    lot,
    rang,
    type,
    fichier: `${EXTRACTS[type].libelle}.csv`,
    sha256: '',
    importe_le: '2026-01-01T00:00:00Z',
    actif: true,
    demonstration: true,
    du: null,
    au: null,
    lues: rows,
    acceptees: rows,
    remplacees: 0,
    doublons: 0,
    rejetees: 0,
    ignorees: 0
  };
  writeFileSync(paths.manifest(lot), JSON.stringify(record));
  return record;
}

/** Writes one batch per type straight as Parquet, for volumes no generator of French files would reach in time. */
export async function writeSyntheticBatches(store: string, volume: Volume): Promise<Lot[]> {
  const db = await openDatabase();
  const all = selects(volume);
  const lots: Lot[] = [];
  try {
    for (const type of EXTRACT_TYPES) lots.push(await writeBatch(db, store, type, all[type], lots.length + 1));
  } finally {
    db.close();
  }
  return lots;
}
