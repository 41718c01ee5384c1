-- For each source and period, the commune of today of each code published then, and of each code that a dated movement
-- has since replaced (`publie` false), but one that a movement of after the period brought in. Movements are followed
-- from the period on, one after another. A commune that gave a part of itself is whole again only where the same
-- source publishes all parts; else its value stays on none.
with recursive jeux as (
    select
        source,
        periode,
        list(distinct zone) as zones
    from faits.contexte_publie
    group by source, periode
),

codes as (
    select source, periode, unnest(zones) as zone, true as publie from jeux
    union
    select j.source, j.periode, m.commune, false
    from jeux as j
    inner join faits.mouvements_communes as m
        on m.date_effet > j.periode and m.date_effet < date '9999-12-31' and not list_contains(j.zones, m.commune)
    where not exists (
        select 1
        from faits.mouvements_communes as a
        where list_contains(a.parts, m.commune) and a.date_effet > j.periode and a.date_effet < m.date_effet
    )
),

etapes as (
    select
        source,
        periode,
        zone,
        publie,
        zone as commune,
        periode as jour,
        null::date as depart,
        false as scindee
    from codes
    union all
    select
        e.source,
        e.periode,
        e.zone,
        e.publie,
        case when list_contains(m.parts, e.commune) then e.commune else m.parts[1] end,
        m.date_effet,
        case when list_contains(m.parts, e.commune) then e.depart else coalesce(e.depart, m.date_effet) end,
        len(m.parts) > 1 and not (list_contains(m.parts, e.commune) and list_has_all(j.zones, m.parts))
    from etapes as e
    inner join faits.mouvements_communes as m
        on e.commune = m.commune and e.jour >= m.depuis and e.jour < m.date_effet
    inner join jeux as j on e.source = j.source and e.periode = j.periode
    where not e.scindee
)

select
    e.source,
    e.periode,
    e.zone,
    e.publie,
    c.commune,
    case
        when e.scindee then 'scindee' when c.commune is null then 'inconnue' when c.commune = e.zone then 'inchangee'
        else 'devenue'
    end as motif,
    case
        when c.commune is not null and not starts_with(e.zone, c.departement) then e.zone[:len(c.departement)]
    end as rattachement,
    e.depart
from etapes as e
left join ref.communes as c on e.commune = c.commune and not e.scindee
qualify row_number() over (partition by e.source, e.periode, e.zone order by e.jour desc) = 1
