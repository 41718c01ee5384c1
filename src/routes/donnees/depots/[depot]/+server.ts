import { json } from '@sveltejs/kit';
import { interrupt, progressOf } from '../../running-imports.ts';

/** How far an import of this server is. */
export const GET = ({ params }: { params: { depot: string } }) => json(progressOf(params.depot));

/** Stops an import of this server. */
export const DELETE = ({ params }: { params: { depot: string } }) => json(interrupt(params.depot));
