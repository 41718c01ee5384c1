/** Follows the namespaces in scope, to tell the elements of some from the others. The parser would do it for all, slower. */
export class Namespaces {
  private depth = 0;
  /** Depth within an element of another namespace; 0 outside. */
  private foreign = 0;
  private readonly scopes: { depth: number; uris: Map<string, string> }[] = [{ depth: 0, uris: new Map() }];

  /** Without a set, every element is wanted; an element of no namespace always is. */
  constructor(private readonly wanted?: ReadonlySet<string>) {}

  /** True where neither the current element nor one around it is of another namespace. */
  get within(): boolean {
    return this.foreign === 0;
  }

  /** True for an element to tell of. */
  open(name: string, attributes: Record<string, string>): boolean {
    if (!this.wanted) return true;
    this.depth++;
    this.declare(attributes);
    if (this.foreign > 0 || !this.isWanted(name)) this.foreign++;
    return this.foreign === 0;
  }

  private declare(attributes: Record<string, string>): void {
    let uris: Map<string, string> | undefined;
    for (const key in attributes) {
      if (key !== 'xmlns' && !key.startsWith('xmlns:')) continue;
      uris ??= new Map(this.scopes.at(-1)!.uris);
      uris.set(key.slice('xmlns:'.length), attributes[key]!);
    }
    if (uris) this.scopes.push({ depth: this.depth, uris });
  }

  private isWanted(name: string): boolean {
    const colon = name.indexOf(':');
    const uri = this.scopes.at(-1)!.uris.get(colon < 0 ? '' : name.slice(0, colon));
    return uri ? this.wanted!.has(uri) : colon < 0;
  }

  /** True for the end of an element told of. */
  close(): boolean {
    if (!this.wanted) return true;
    if (this.scopes.at(-1)!.depth === this.depth) this.scopes.pop();
    this.depth--;
    if (this.foreign === 0) return true;
    this.foreign--;
    return false;
  }
}
