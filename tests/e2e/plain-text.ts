/** Text as typed: the spaces and apostrophes of French typography as plain ones. */
export function plain(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll('’', "'").trim();
}
