-- Individual interventions, each with its axes read at the date it began. The outcome is free text in the
-- extracts: known words are brought to their code, any other is « autre ».
with issues as (
    select distinct
        issue,
        trim(regexp_replace(lower(strip_accents(texte)), '[^a-z0-9]+', ' ', 'g')) as forme
    from ref.issues
)

select
    i.intervention,
    i.famille,
    i.evenement,
    i.offre,
    i.nature,
    i.date_debut,
    i.date_fin,
    i.date_contrat,
    i.vad_refusee,
    case when i.issue is not null then coalesce(f.issue, 'autre') end as issue,
    i.agent,
    i.commune,
    coalesce(i.territoire, s.territoire) as territoire,
    t.site,
    o.socle,
    o.mission,
    not starts_with(i.commune, p.departement) as hors_departement
from extraits.interventions as i
cross join ref.parametres as p
left join issues as f
    on trim(regexp_replace(lower(strip_accents(i.issue)), '[^a-z0-9]+', ' ', 'g')) = f.forme
left join ref.sectorisation as s
    on i.commune = s.commune and i.date_debut >= s.valable_du and i.date_debut < s.valable_au
left join ref.territoires as t
    on
        coalesce(i.territoire, s.territoire) = t.territoire
        and i.date_debut >= t.valable_du and i.date_debut < t.valable_au
left join ref.offres as o
    on i.offre = o.offre and i.date_debut >= o.valable_du and i.date_debut < o.valable_au
order by i.date_debut
