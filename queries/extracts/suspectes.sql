-- Rows that cannot be accepted: total and blank lines are ignored, the others rejected.
create or replace temp table suspectes as
select
  * exclude (_ecarts, _inegale),
  {ecarts_nommes},
  {mots_rares},
  -- Cells may have slipped from a column to the next: any word of the row may then be a name.
  -- So do several columns at fault at once, when one holds digits: a word alone may be a code nobody knows yet.
  _inegale or {mots_deplaces}
    or (len(list_filter(_ecarts, lambda e: e is not null)) > 1
      and coalesce(list_bool_or(list_transform(_ecarts, lambda e: not est_un_mot(e))), false)) as _glissee,
  _premiere is null
    or regexp_matches(forme(_premiere), '^(total|totaux|sous total|sous totaux|ensemble)( |$)') as _ignoree
from numerotees
where _invalide;
