-- What the rows of the file change to those of the previous batch of the same type, within the days both cover.
with nouvelles as (
  select {cle_nommee}, arg_max(row({colonnes}), _ligne) as contenu, arg_max({territoire}, _ligne) as territoire
  from numerotees
  where not _invalide
  group by all
),
anciennes as (
  select {cle_nommee}, arg_max(row({colonnes}), _ligne) as contenu, arg_max({territoire}, _ligne) as territoire
  from read_parquet({lot})
  where {date} between {du} and {au}
  group by all
),
rapprochees as (
  select n.contenu as nouvelle, a.contenu as ancienne, n.territoire as apres, a.territoire as avant
  from nouvelles as n full join anciennes as a using ({cle_noms})
)
select
  count(*) filter (ancienne is null)::double as nouvelles,
  count(*) filter (nouvelle is not null and ancienne is not null and nouvelle is distinct from ancienne)::double as modifiees,
  count(*) filter (nouvelle is not null and nouvelle is not distinct from ancienne)::double as inchangees,
  count(*) filter (nouvelle is null)::double as disparues,
  coalesce(list_sort(list_filter(list_distinct(list(avant)), lambda t: not list_contains(list(apres), t))), []) as territoires_disparus
from rapprochees;
