-- For each social worker and calendar year, the day the collective goal was reached: one information
-- collective and one action de groupe, or three informations, or two actions (distinct actions led). The
-- combination is the one that reached it; two reached on the same day, the first of that list.
with animations as (
    select
        u.agent,
        year(s.date) as annee,
        s.nature,
        s.action,
        min(s.date) as premiere
    from faits.seances as s, unnest(s.agents) as u (agent)
    group by all
),

rangs as (
    select
        *,
        row_number() over (partition by agent, annee, nature order by premiere, action) as rang
    from animations
),

etapes as (
    select
        agent,
        annee,
        min(premiere) filter (where nature = 'information_collective' and rang = 1) as information_1,
        min(premiere) filter (where nature = 'information_collective' and rang = 3) as information_3,
        min(premiere) filter (where nature = 'action_groupe' and rang = 1) as groupe_1,
        min(premiere) filter (where nature = 'action_groupe' and rang = 2) as groupe_2
    from rangs
    group by agent, annee
),

combinaisons as (
    select
        agent,
        annee,
        case when information_1 is not null and groupe_1 is not null then greatest(information_1, groupe_1) end as mixte,
        information_3,
        groupe_2
    from etapes
),

atteints as (
    select
        *,
        least(mixte, information_3, groupe_2) as atteint_le
    from combinaisons
)

select
    agent,
    annee,
    atteint_le,
    case atteint_le when mixte then 'mixte' when information_3 then 'informations' else 'groupes' end as combinaison
from atteints
where atteint_le is not null
