import { isRedirect } from '@sveltejs/kit';
import type { House } from '#lib/server/house.ts';
import { computeView } from '#lib/server/views/all.ts';
import type { DepositView } from '#lib/server/views/deposit.ts';
import type { DepositTableView } from '#lib/server/views/deposit-table.ts';
import { POST } from '../../src/routes/donnees/depots/+server.ts';
import { actions } from '../../src/routes/donnees/depots/[depot]/+page.server.ts';
import { actions as tableActions } from '../../src/routes/donnees/depots/[depot]/[table]/+page.server.ts';

/** Sends files as the page does; gives the answer. */
export function send(files: Record<string, string | Buffer>): Promise<Response> {
  const form = new FormData();
  for (const [name, content] of Object.entries(files))
    form.append('fichiers', new File([new Uint8Array(Buffer.from(content))], name));
  const request = new Request('http://localhost/donnees/depots', {
    method: 'POST',
    body: form,
    headers: { accept: 'application/json' }
  });
  return POST({ request });
}

/** A deposit as its user sees it, once it is read. */
export class TestDeposit {
  private constructor(
    private readonly house: House,
    readonly id: string
  ) {}

  /** Drops files and waits until they are read. */
  static async drop(house: House, files: Record<string, string | Buffer>): Promise<TestDeposit> {
    const answer = (await (await send(files)).json()) as { href?: string; message?: string };
    if (!answer.href) throw new Error(answer.message);
    const deposit = new TestDeposit(house, answer.href.split('/').at(-1)!);
    await deposit.settled();
    return deposit;
  }

  view(): Promise<DepositView> {
    return computeView(this.house, '/donnees/depots/[depot]', this.url(), { depot: this.id });
  }

  table(number: number): Promise<DepositTableView> {
    return computeView(this.house, '/donnees/depots/[depot]/[table]', this.url(`/${number}`), {
      depot: this.id,
      table: String(number)
    });
  }

  /** One gesture of the page, then what it shows; a refusal is thrown. */
  async do(geste: string, fields: Record<string, string | string[]> = {}): Promise<DepositView> {
    await this.post(actions.default, '', { geste, ...fields });
    return this.settled();
  }

  /** One gesture of the assistant's page. */
  async map(number: number, geste: string, fields: Record<string, string | string[]>): Promise<void> {
    await this.post(tableActions.default, `/${number}`, { geste, ...fields }, { table: String(number) });
    if (geste === 'appliquer') await this.settled();
  }

  private async post(
    action: (event: { request: Request; url: URL; params: { depot: string; table: string } }) => Promise<unknown>,
    path: string,
    fields: Record<string, string | string[]>,
    params: Record<string, string> = {}
  ): Promise<void> {
    const body = new FormData();
    for (const [name, values] of Object.entries(fields)) for (const value of [values].flat()) body.append(name, value);
    const request = new Request(this.url(path), { method: 'POST', body });
    const outcome = await action({
      request,
      url: this.url(path),
      params: { depot: this.id, table: '', ...params }
    }).catch((reason: unknown) => {
      if (isRedirect(reason)) return null;
      throw reason;
    });
    if (outcome !== null) throw new Error(`refused: ${JSON.stringify(outcome)}`);
  }

  private url(path = ''): URL {
    return new URL(`http://localhost/donnees/depots/${this.id}${path}`);
  }

  private async settled(): Promise<DepositView> {
    for (;;) {
      const view = await this.view();
      if (!view.progress.running) return view;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
