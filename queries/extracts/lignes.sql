-- Every record of the file, typed. `_ecart_x` holds the raw text of column x where it cannot be accepted.
create or replace temp table lignes as
with typees as (
  select {typees}, {brutes}, {premiere} as _premiere, {surplus} as _surplus
  from {source}
),
jugees as (
  select {valeurs}, {ecarts}, _premiere, _surplus
  from typees
),
signalees as (
  select *, ({invalide}) or _surplus as _invalide
  from jugees
)
select * replace (if(_invalide, _premiere, null) as _premiere)
from signalees;
