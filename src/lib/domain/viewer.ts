/**
 * Who asks. `direction` sees true counts; `diffusion` (copil, publications) sees small cells hidden.
 * `territoires` restricts every answer to these codes; null = the whole department.
 */
export interface Viewer {
  genre: 'direction' | 'diffusion';
  territoires: string[] | null;
}

export const DIRECTION: Viewer = { genre: 'direction', territoires: null };
