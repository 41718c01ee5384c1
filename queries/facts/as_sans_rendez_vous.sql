-- Periods during which an open accompagnement has had no honoured meeting for 60 days: they begin 60 days after its
-- start or after a meeting, and end, excluded, the day of the next meeting or of the closing.
with reperes as (
    select
        intervention,
        date_debut as jour
    from faits.interventions
    where nature = 'accompagnement'
    union
    select
        i.intervention,
        r.date
    from faits.interventions as i
    inner join faits.rendez_vous_honores as r on i.intervention = r.intervention
    where i.nature = 'accompagnement' and r.date > i.date_debut and r.date < coalesce(i.date_fin, date '9999-12-31')
),

intervalles as (
    select
        intervention,
        jour + 60 as date_debut,
        lead(jour) over (partition by intervention order by jour) as suivant
    from reperes
)

select
    v.intervention,
    v.date_debut,
    coalesce(v.suivant, i.date_fin, date '9999-12-31') as date_fin,
    i.offre,
    i.socle,
    i.mission,
    i.territoire,
    i.site,
    i.commune,
    i.nature,
    i.agent
from intervalles as v
inner join faits.interventions as i on v.intervention = i.intervention
where v.date_debut < coalesce(v.suivant, i.date_fin, date '9999-12-31')
order by v.date_debut
