import { formatNumber, NARROW_SPACE } from '#lib/domain/format.ts';

/** How far the server is with an import, as its importer says. */
export interface ImportStep {
  fichier: string;
  rang: number;
  fichiers: number;
  etape: 'lecture' | 'controle' | 'ecriture' | 'publication';
}

const STEPS: Record<ImportStep['etape'], string> = {
  lecture: 'Lecture',
  controle: 'Contrôle',
  ecriture: 'Écriture',
  publication: 'Mise à jour des chiffres'
};

/** What is under way: `sent` is the share of the bytes that left, null once all did. */
export function progressWords(sent: number | null, step: ImportStep | null): string {
  if (sent !== null) return `Envoi : ${formatNumber(sent * 100)}${NARROW_SPACE}% des octets`;
  if (step === null) return 'Fichiers reçus, la lecture va commencer…';
  if (step.etape === 'publication') return `${STEPS.publication}…`;
  return `${STEPS[step.etape]} de ${step.fichier} (${step.rang} sur ${step.fichiers})…`;
}

/** Why an upload ended without an answer of the page, by HTTP status. */
export function failureWords(status: number): string {
  if (status === 0) return 'L’envoi a été interrompu. Le journal, plus bas, dit ce qui a été enregistré.';
  if (status === 413) {
    return 'Ces fichiers dépassent la taille que ce serveur accepte : importez-les en plusieurs fois, ou par la commande « vigie import ».';
  }
  return 'Le serveur n’a pas répondu comme attendu. Rechargez la page, puis réessayez.';
}
