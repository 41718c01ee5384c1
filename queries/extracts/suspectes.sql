-- Rows that cannot be accepted: total and blank lines are ignored, the others rejected.
create or replace temp table suspectes as
select
  * exclude (_ecarts),
  {ecarts_nommes},
  _premiere is null
    or regexp_matches(forme(_premiere), '^(total|totaux|sous total|sous totaux|ensemble)( |$)') as _ignoree
from numerotees
where _invalide;
