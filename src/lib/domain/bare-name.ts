/** A column name as it is compared: lower case, letters and digits only, without accents. */
export function bareName(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}
