select
    date,
    offre,
    socle,
    mission,
    territoire,
    site,
    commune,
    nature,
    modalite,
    case when statut in ('annule_famille', 'annule_service') then 1 else 0 end as annules,
    1 as n,
    case when statut = 'annule_service' then 1 else 0 end as annules_service
from faits.rendez_vous
where statut <> 'prevu'
