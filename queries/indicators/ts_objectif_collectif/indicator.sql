select
    date_debut as date,
    date_fin,
    territoire,
    site,
    null::varchar as agent_atteint,
    null::varchar as agent_mixte,
    null::varchar as agent_informations,
    null::varchar as agent_groupes,
    agent as agent_present
from faits.affectations
where travailleur_social
union all
select
    greatest(a.date_debut, o.atteint_le),
    least(a.date_fin, make_date(o.annee + 1, 1, 1)),
    a.territoire,
    a.site,
    a.agent,
    case when o.combinaison = 'mixte' then a.agent end,
    case when o.combinaison = 'informations' then a.agent end,
    case when o.combinaison = 'groupes' then a.agent end,
    null
from faits.affectations as a
inner join faits.objectif_collectif as o on a.agent = o.agent
where
    a.travailleur_social
    and greatest(a.date_debut, o.atteint_le) < least(a.date_fin, make_date(o.annee + 1, 1, 1))
