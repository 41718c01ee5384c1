import { pageLoad } from '#lib/server/views/page-load.ts';

export const load = pageLoad('/parcours');
