-- The stored row in force for each key that the file also has: the last lot wins, then the last line.
create or replace temp table stockees as
with lots as (
  {lots}
)
select {colonnes}
from lots
where hash({cle}) in (select hash({cle}) from numerotees where not _invalide)
qualify row_number() over (partition by {cle} order by _rang desc, _ligne desc) = 1;
