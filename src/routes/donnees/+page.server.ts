import { EXTRACT_TYPES } from '#lib/domain/extracts.ts';
import { requireOneOf } from '#lib/domain/filters.ts';
import { DIRECTION } from '#lib/domain/viewer.ts';
import { importFiles, type ImportOptions } from '#lib/server/extracts/importer.ts';
import { runningHouse } from '#lib/server/running-house.ts';
import { openView } from '#lib/server/views/context.ts';
import { effectOf } from '#lib/server/views/import-effect.ts';
import { reportOf } from '#lib/server/views/import-report.ts';
import { pageLoad } from '#lib/server/views/page-load.ts';
import { readForm, withUploadedFiles } from './receive-files.ts';
import { refusing } from './refusing.ts';
import { followed } from './running-imports.ts';

export const load = pageLoad('/donnees');

function optionsOf(form: FormData): ImportOptions {
  const text = (name: string) => String(form.get(name) ?? '');
  return {
    type: text('type') ? requireOneOf('type', text('type'), EXTRACT_TYPES) : undefined,
    dates: text('dates') ? requireOneOf('dates', text('dates'), ['jj/mm', 'mm/jj'] as const) : undefined,
    dryRun: text('essai') !== ''
  };
}

export const actions = {
  /** Imports the files of the form, reports each, and says what changes. */
  default: ({ request, url }: { request: Request; url: URL }) =>
    refusing(async () => {
      const form = await readForm(request);
      const options = optionsOf(form);
      const house = await runningHouse();
      const context = await openView(house, url, DIRECTION);
      return withUploadedFiles(form, async (files) => {
        const depot = String(form.get('depot') ?? '');
        const { lots } = await followed(depot, request, (follow) =>
          importFiles({ ...house, ...follow }, files, options)
        );
        const after = await house.snapshot();
        return {
          dryRun: options.dryRun === true,
          files: lots.map(reportOf),
          effect: after === context.snapshot ? null : await effectOf(context, context.snapshot, after)
        };
      });
    })
};
