-- Rejected values of a file of context, under its own lines and columns; those refused before they were rows come along.
create or replace temp table rejets as
select
  o.ligne::integer as ligne,
  if(r.colonne = 'valeur', coalesce(nullif(o.colonne, ''), 'valeur'), r.colonne) as colonne,
  r.* exclude (ligne, colonne)
from rejets as r
left join {origines} as o on o.rang::integer = r.ligne
union all by name
select ligne::integer as ligne, nullif(colonne, '') as colonne, masque(nullif(valeur, '')) as valeur, motif
from {refusees}
order by ligne;
