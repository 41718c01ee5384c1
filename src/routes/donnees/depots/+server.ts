import { rmSync } from 'node:fs';
import { error, json, redirect } from '@sveltejs/kit';
import { BadRequest } from '#lib/domain/bad-request.ts';
import { addDeposit, newDepositFolder } from '#lib/server/extracts/deposits/registry.ts';
import { DISK_FULL, isDiskFull } from '#lib/server/extracts/importer.ts';
import { runningHouse } from '#lib/server/running-house.ts';
import { receiveFiles, type ReceivedFile } from '../receive-files.ts';

/** Receives files; they are read at once, and nothing is in the data before the user confirms on the page of the deposit. */
export async function POST({ request }: { request: Request }) {
  const house = await runningHouse();
  const place = newDepositFolder(house.config.store);
  const scripted = request.headers.get('accept')?.includes('application/json') ?? false;
  let files: ReceivedFile[];
  try {
    files = await receiveFiles(request, place.folder, house.config.uploadLimit);
  } catch (reason) {
    rmSync(place.folder, { recursive: true, force: true });
    const message = reason instanceof BadRequest ? reason.message : isDiskFull(reason) ? DISK_FULL : null;
    if (message === null) throw reason;
    if (scripted) return json({ message }, { status: 400 });
    error(400, { message });
  }
  addDeposit(house, place, files);
  const href = `/donnees/depots/${place.id}`;
  if (scripted) return json({ href }, { status: 201 });
  redirect(303, href);
}
