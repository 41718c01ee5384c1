-- Figures of context in force: each from its own date to that of the next one of the same variable and commune, cut
-- where the commune changes territoire. Nothing is known before the first one; a hidden value hides the one before.
with en_vigueur as (
    select
        *,
        lead(periode, 1, date '9999-12-31') over (partition by variable, commune order by periode) as jusqu_a
    from faits.contexte_millesimes
),

secteurs as (
    select commune, territoire, valable_du, valable_au from ref.sectorisation
    union all
    select commune, null, date '0001-01-01', min(valable_du) from ref.sectorisation group by commune
    union all
    select
        commune,
        null,
        valable_au,
        lead(valable_du, 1, date '9999-12-31') over (partition by commune order by valable_du)
    from ref.sectorisation
)

select
    v.variable,
    v.commune,
    v.annee,
    v.periode,
    greatest(v.periode, s.valable_du) as date,
    least(v.jusqu_a, s.valable_au) as date_fin,
    s.territoire,
    c.intercommunalite,
    v.valeur,
    v.arrondi,
    v.source,
    v.rattachement
from en_vigueur as v
inner join faits.communes as c on v.commune = c.commune
inner join secteurs as s on v.commune = s.commune and v.periode < s.valable_au and v.jusqu_a > s.valable_du
where s.valable_du < s.valable_au
order by v.variable, v.commune, date
