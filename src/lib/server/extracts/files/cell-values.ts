const PLAIN_INTEGER = /^(0|-?[1-9]\d*)$/;

/**
 * A number of a file as a plain decimal. Integers keep the digits of the file, identifiers among them; others lose the
 * noise of binary fractions (0.1 + 0.2 is 0.3) beyond the 15 digits spreadsheets show. Null when it is no number.
 */
export function numberText(written: string): string | null {
  const text = written.trim();
  if (PLAIN_INTEGER.test(text)) return text;
  const number = Number(text);
  if (text === '' || !Number.isFinite(number)) return null;
  return withoutExponent(String(Number.isInteger(number) ? number : Number(number.toPrecision(15))));
}

function withoutExponent(text: string): string {
  const [whole, sign, unit, decimals = '', exponent] = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text) ?? [];
  if (whole === undefined) return text;
  const power = Number(exponent);
  // Above 1e21 there are more digits of exponent than decimals.
  if (power > 0) return `${sign}${unit}${decimals.padEnd(power, '0')}`;
  return `${sign}0.${'0'.repeat(-power - 1)}${unit}${decimals}`;
}

/** What shows nothing holds nothing: a cell of spaces is a blank one. */
export const unlessBlank = (text: string) => (text.trim() === '' ? '' : text);

/** `_x000D_` is how XLSX writes a character that XML cannot hold. */
export function decodeEscapes(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_whole, code: string) =>
    code === '0000' ? '' : String.fromCharCode(parseInt(code, 16))
  );
}
