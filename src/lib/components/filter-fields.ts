/** What the filter bar is made of; views build it from the URL and the reference data. */
export interface FilterOption {
  value: string;
  label: string;
  selected: boolean;
}

interface FieldBase {
  /** Name of the URL parameter. */
  name: string;
  label: string;
  /** Folded under « Autres filtres »; unfolded when `active`. */
  secondary?: boolean;
  active?: boolean;
}

export interface SelectField extends FieldBase {
  kind: 'select';
  /** A group without label holds options alone. */
  groups: { label?: string; options: FilterOption[] }[];
}

export interface ChoicesField extends FieldBase {
  kind: 'choices';
  options: FilterOption[];
  /** What is said when nothing is chosen: « Tous », « Toutes ». */
  none: string;
}

export type FilterField = SelectField | ChoicesField;

export interface FilterChip {
  label: string;
  href: string;
}
