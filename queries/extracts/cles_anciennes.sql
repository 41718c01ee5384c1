-- Keys whose row in force (last lot, then last line) is older than the day retention keeps.
create or replace temp table cles_anciennes as
with lots as (
  {lots}
),
en_vigueur as (
  select concat_ws(chr(31), {cle}) as cle, {date} as jour
  from lots
  qualify row_number() over (partition by {cle} order by _rang desc, _ligne desc) = 1
)
select cle
from en_vigueur
where jour < date {avant};
