-- Every record of the file, typed. Of a row that cannot be accepted, `_ecarts` holds the raw text of each column at fault.
create or replace temp table lignes as
with typees as (
  select {typees}, {cellules}
  from {source}
),
jugees as (
  select {valeurs}, {cellules}, {surplus} as _surplus, {surplus} or {invalide} as _invalide
  from typees
)
select
  {noms},
  _invalide,
  _surplus,
  -- Computed for the few rows that need it: the others never enter these branches.
  if(_invalide, {premiere}, null) as _premiere,
  if(_invalide, [{ecarts}], null) as _ecarts
from jugees;
