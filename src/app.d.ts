import type { FigureSource } from '#lib/domain/figure-source.ts';

/** What every page says of the data behind it; filled by the root layout's load. */
interface Chrome {
  /** « Caf du Val-de-Marne ». */
  caf: string;
  demonstration: boolean;
  /** Data version, or null when the store is empty. */
  version: string | null;
  /** « Rendez-vous connus jusqu’au 31 décembre 2025 ». */
  freshness: string | null;
}

declare global {
  namespace App {
    interface Error {
      message: string;
      /** What would have been accepted, when a request is refused. */
      allowed?: string[];
    }
    interface PageState {
      /** The figure whose source a dialog shows over the page. */
      figure?: FigureSource;
    }
    interface PageData {
      chrome?: Chrome;
      /** Filters in force, carried from page to page by the navigation. */
      view?: { frame?: { search: string } };
    }
  }
}

export {};
