-- Open informations-conseils: as long as they are open, and from six months after they began.
with ouverts as (
    select
        intervention,
        territoire,
        agent,
        date_debut,
        coalesce(date_fin, date '9999-12-31') as date_fin
    from faits.interventions
    where nature = 'information_conseil'
)

select
    o.intervention as cle,
    case when seuil.franchi then (o.date_debut + interval 6 month)::date else o.date_debut end as date,
    o.date_fin,
    o.territoire,
    o.agent,
    strftime(o.date_debut, '%d/%m/%Y') as valeur,
    seuil.franchi as a_corriger
from ouverts as o
cross join (values (false), (true)) as seuil (franchi)
where not seuil.franchi or o.date_debut + interval 6 month < o.date_fin
