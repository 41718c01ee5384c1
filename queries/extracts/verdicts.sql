-- The verdict of every row whose key is already stored, or comes more than once in the file; any other is `acceptee`.
create or replace temp table verdicts as
with repetees as (
  select hash({cle}) as cle
  from numerotees
  where not _invalide
  group by all
  having count(*) > 1
),
candidates as (
  select _ligne, {cle_nommee}, row({colonnes}) as contenu
  from numerotees
  where not _invalide
    and (hash({cle}) in (select cle from repetees) or hash({cle}) in (select hash({cle}) from stockees))
),
anciennes as (
  select {cle_nommee}, row({colonnes}) as contenu
  from stockees
),
comparees as (
  select
    c._ligne,
    a.contenu is not null as connue,
    c.contenu is not distinct from a.contenu as comme_stockee,
    lag(c._ligne) over par_cle is null as premiere,
    c.contenu is not distinct from lag(c.contenu) over par_cle as comme_precedente,
    last_value(c.contenu is not distinct from a.contenu) over toute_la_cle as finit_comme_stockee
  from candidates as c
  left join anciennes as a using ({cle_noms})
  window
    par_cle as (partition by {cle_noms} order by c._ligne),
    toute_la_cle as (partition by {cle_noms} order by c._ligne rows between unbounded preceding and unbounded following)
)
select
  _ligne,
  case
    when finit_comme_stockee then 'doublon'
    when premiere and not connue then 'acceptee'
    when premiere then if(comme_stockee, 'doublon', 'remplacee')
    else if(comme_precedente, 'doublon', 'remplacee')
  end as verdict
from comparees;
