-- Totals of each variable of a file of context, beside those of the last date before it, over the places that both give.
with du_fichier as (
  select niveau, zone, variable, periode, source, arg_max(valeur, _ligne) as valeur, max(arrondi) as arrondi
  from numerotees
  where not _invalide
  group by niveau, zone, variable, periode, source
),
lots as (
  {lots}
),
deja_la as (
  select niveau, zone, variable, periode, valeur
  from lots
  qualify row_number() over (partition by {cle} order by _rang desc, _ligne desc) = 1
),
livrees as (
  {livrees}
),
-- Two sources may speak of the same place and date: the file comes first, then the store, then the application.
une_par_place as (
  select niveau, zone, variable, periode, arg_min(valeur, rang) as valeur
  from (
    select niveau, zone, variable, periode, valeur, 1 as rang from du_fichier
    union all
    select niveau, zone, variable, periode, valeur, 2 from deja_la
    union all
    select niveau, zone, variable, periode, valeur, 3 from livrees
  )
  group by niveau, zone, variable, periode
),
dates_connues as (
  select distinct niveau, variable, periode from une_par_place
),
dates_precedentes as (
  select f.niveau, f.variable, f.periode, max(c.periode) as avant
  from (select distinct niveau, variable, periode from du_fichier) as f
  left join dates_connues as c on c.niveau = f.niveau and c.variable = f.variable and c.periode < f.periode
  group by f.niveau, f.variable, f.periode
)
select
  f.niveau,
  f.variable,
  f.source,
  f.periode::varchar as periode,
  count(*)::double as zones,
  count(f.valeur)::double as renseignees,
  sum(f.valeur) as total,
  max(f.arrondi)::double as arrondi,
  any_value(p.avant)::varchar as avant,
  count(*) filter (f.valeur is not null and a.valeur is not null)::double as comparees,
  sum(f.valeur) filter (a.valeur is not null) as comparable,
  sum(a.valeur) filter (f.valeur is not null) as total_avant
from du_fichier as f
left join dates_precedentes as p
  on p.niveau = f.niveau and p.variable = f.variable and p.periode = f.periode
left join une_par_place as a
  on a.niveau = f.niveau and a.zone = f.zone and a.variable = f.variable and a.periode = p.avant
group by f.niveau, f.variable, f.source, f.periode
order by f.niveau, f.variable, f.periode desc, f.source;
