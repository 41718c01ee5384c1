import { json } from '@sveltejs/kit';
import { findDeposit } from '#lib/server/extracts/deposits/registry.ts';
import { progressOf } from '#lib/server/views/deposit-progress.ts';

/** How far a deposit is; null when this server has none of that id. */
export const GET = ({ params }: { params: { depot: string } }) => {
  const deposit = findDeposit(params.depot);
  return json(deposit && progressOf(deposit), { headers: { 'cache-control': 'no-store' } });
};
