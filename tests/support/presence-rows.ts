import type { GivenRows } from './warehouse.ts';

export const rdv = (intervention: string, date: string, modalite: string) => ({ intervention, date, modalite });

/** T4 2025: 8 honoured meetings, 4 in presence; Créteil 3 of 4, Orly 1 of 4. T4 2024: 2 of 2, Créteil. */
export const PRESENCE_ROWS = {
  agents: [{ agent: 'A01' }],
  interventions: [
    { territoire: 'creteil', nature: 'accompagnement', date_debut: '2024-10-01' },
    { territoire: 'orly', date_debut: '2025-10-01', offre: 'impaye_loyer' }
  ],
  rendez_vous: [
    rdv('I1', '2025-10-06', 'presentiel'),
    rdv('I1', '2025-11-03', 'presentiel'),
    rdv('I1', '2025-12-01', 'visite_domicile'),
    rdv('I1', '2025-12-31', 'telephone'),
    rdv('I2', '2025-10-06', 'presentiel'),
    rdv('I2', '2025-10-07', 'telephone'),
    rdv('I2', '2025-11-04', 'visio'),
    rdv('I2', '2025-12-02', 'telephone'),
    rdv('I1', '2024-10-07', 'presentiel'),
    rdv('I1', '2024-12-31', 'presentiel')
  ]
} satisfies GivenRows;
