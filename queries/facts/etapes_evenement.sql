-- One row for each event and each step of the path it reached: from its detection to the closing of an
-- accompagnement that cites it, the ways out (refusal, family already followed, orientation) apart. The steps
-- « recu en n jours » compare cohorts of different ages at the same age.
with suites as (
    select
        evenement,
        bool_or(nature = 'information_conseil') as information_conseil,
        bool_or(nature = 'accompagnement') as accompagnement,
        bool_or(nature = 'accompagnement' and date_fin is not null) as clos
    from faits.interventions_sur_evenement
    group by evenement
),

parcours as (
    select
        e.*,
        e.premier_rendez_vous - e.date_detection as jours,
        s.information_conseil,
        s.accompagnement,
        s.clos
    from faits.evenements as e
    left join suites as s on e.evenement = s.evenement
)

select
    p.evenement,
    p.date_detection,
    p.canal,
    p.commune,
    p.territoire,
    p.site,
    p.offre,
    p.socle,
    p.mission,
    u.etape
from parcours as p, unnest([
    'detecte',
    case when p.contacts > 0 then 'contacte' end,
    case when p.repondu then 'repondu' end,
    case when p.recu then 'recu' end,
    case when p.information_conseil then 'information_conseil' end,
    case when p.accompagnement then 'accompagnement' end,
    case when p.clos then 'clos' end,
    case when p.refus then 'refus' end,
    case when p.deja_accompagne then 'deja_accompagne' end,
    case when p.oriente then 'oriente' end,
    case when p.jours <= 30 then 'recu_30_jours' end,
    case when p.jours <= 60 then 'recu_60_jours' end,
    case when p.jours <= 90 then 'recu_90_jours' end
]) as u (etape)
where u.etape is not null
order by p.date_detection
