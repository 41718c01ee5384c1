-- Rows that cannot be accepted: total and blank lines are ignored, the others rejected.
create or replace temp table suspectes as
select
  * exclude (_ecarts, _inegale),
  {ecarts_nommes},
  -- Cells may have slipped from a column to the next: any word of the row may then be a name.
  _inegale or {mots_deplaces} as _glissee,
  _premiere is null
    or regexp_matches(forme(_premiere), '^(total|totaux|sous total|sous totaux|ensemble)( |$)') as _ignoree
from numerotees
where _invalide;
