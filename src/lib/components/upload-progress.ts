import { formatNumber, NARROW_SPACE } from '#lib/domain/format.ts';

/** How much of the files has left, as a share. */
export function progressWords(sent: number): string {
  return sent < 1 ? `Envoi : ${formatNumber(Math.floor(sent * 100))}${NARROW_SPACE}%` : 'Fichiers reçus…';
}

/** Why files do not leave at all: they are larger than the server accepts. */
export function tooLargeWords(bytes: number, limit: number): string | null {
  if (bytes <= limit) return null;
  const megabytes = (size: number) => `${formatNumber(Math.ceil(size / 1024 / 1024))} Mo`;
  return `Ces fichiers pèsent ${megabytes(bytes)}, plus que les ${megabytes(limit)} que ce serveur accepte en une fois : déposez-les en plusieurs fois, ou importez-les par la commande « vigie import ».`;
}

/** Why an upload ended without a usable answer, by HTTP status. */
export function failureWords(status: number): string {
  if (status === 0) return 'L’envoi a été interrompu : rien n’a été enregistré. Choisissez de nouveau les fichiers.';
  return 'Le serveur n’a pas répondu comme attendu, et rien n’a été enregistré. Rechargez la page, puis réessayez.';
}
