-- Every record of the file, typed. Of a row that cannot be accepted, `_ecarts` holds the raw text of each column at fault.
create or replace temp table lignes as
with lues as (
  -- A cell the row lacks is null, an empty one is not: that tells rows shorter or longer than the header.
  select
    {lues},
    {dernier} is null as _courte,
    {surplus} is not null as _longue
  from {source}
),
typees as (
  select {typees}, {cellules}, {surplus} is not null as _surplus, {compte} and (_courte or _longue) as _inegale
  from lues
),
jugees as (
  select
    {valeurs}, {cellules}, _inegale,
    _surplus or ({fragile} and _inegale) as _surplus,
    {invalide} as _erronee,
    {premiere} as _debut
  from typees
)
select
  {noms},
  _surplus or _erronee or est_total(_debut) as _invalide,
  _surplus,
  -- Computed for the few rows that need it: the others never enter these branches.
  if(_invalide, _debut, null) as _premiere,
  if(_invalide, [{ecarts}], null) as _ecarts,
  if(_invalide, _inegale, null) as _inegale
from jugees;
