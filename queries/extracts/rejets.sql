-- One row per reason; a line whose number of columns is wrong has no other, since its values are shifted.
create or replace temp table rejets as
with motifs as (
  {motifs}
)
select m._ligne as ligne, m.colonne, m.valeur, m.motif, {champs}
from motifs as m
left join (select * from suspectes where not _surplus) as s on s._ligne = m._ligne
order by m._ligne, m.position;
