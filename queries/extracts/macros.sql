-- How a cell of a French file is read. Each macro tries the common form first: the rest costs only where needed.
create or replace macro sans_blancs(t) as trim(t, e' \t\r\n' || chr(160) || chr(8239) || chr(8201));

create or replace macro est_manquant(t) as
  lower(t) in ('', '.', '-', 'null', 'nr', 'n.c.', 'nc', 'n/a', 'non renseigné', 'non renseigne', 'non renseignée');

create or replace macro texte(t) as
  case
    when t >= '0' and t < 'N' and not ends_with(t, ' ') and not ends_with(t, chr(160)) then t
    when est_manquant(sans_blancs(t)) then null
    else sans_blancs(t)
  end;

-- Lower case, without accents, punctuation as one space: how codes, labels and synonyms are compared.
create or replace macro forme(t) as
  trim(regexp_replace(lower(strip_accents(t)), '[^a-z0-9]+', ' ', 'g'));

create or replace macro jour_calendaire(annee, mois, jour) as
  try_cast(if(length(annee) = 2, '20' || annee, annee) || '-' || mois || '-' || jour as date);

create or replace macro jour_de_serie(t) as
  case when regexp_full_match(t, '\d{5}([.,]\d+)?') then date '1899-12-30' + t[1:5]::integer end;

create or replace macro parties_date(t) as
  regexp_extract(t, '^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})([ T]+\d{1,2}[:hH]\d{2}.*)?$', ['p', 'd', 'a']);

create or replace macro parties_iso(t) as
  regexp_extract(t, '^(\d{4})[/-](\d{1,2})[/-](\d{1,2})([ T]\d{1,2}:\d{2}.*)?$', ['a', 'm', 'j']);

create or replace macro jour_iso(t) as
  jour_calendaire(parties_iso(t).a, parties_iso(t).m, parties_iso(t).j);

-- Day first (31/12/2024), as French files write it.
create or replace macro jour_fr(t) as
  case
    when strlen(t) = 10 and t[3] = '/' then try_strptime(t, '%d/%m/%Y')::date
    when strlen(t) = 10 and t[5] = '-' then try_cast(t as date)
    else coalesce(
      jour_iso(texte(t)),
      jour_calendaire(parties_date(texte(t)).a, parties_date(texte(t)).d, parties_date(texte(t)).p),
      jour_de_serie(texte(t)))
  end;

-- Month first (12/31/2024): only when the user says so.
create or replace macro jour_us(t) as
  case
    when strlen(t) = 10 and t[3] = '/' then try_strptime(t, '%m/%d/%Y')::date
    when strlen(t) = 10 and t[5] = '-' then try_cast(t as date)
    else coalesce(
      jour_iso(texte(t)),
      jour_calendaire(parties_date(texte(t)).a, parties_date(texte(t)).p, parties_date(texte(t)).d),
      jour_de_serie(texte(t)))
  end;

create or replace macro mois_seul(t) as
  case
    when regexp_full_match(t, '\d{4}[-/]\d{1,2}') then jour_calendaire(t[1:4], t[6:], '1')
    when regexp_full_match(t, '\d{1,2}[-/]\d{4}') then jour_calendaire(right(t, 4), regexp_extract(t, '^\d+'), '1')
  end;

create or replace macro nombre_francais(t) as
  try_cast(replace(regexp_replace(rtrim(t, '%'), '[ \x{00a0}\x{202f}\x{2009}]', '', 'g'), ',', '.') as double)
  / if(ends_with(t, '%'), 100, 1);

create or replace macro decimal_lu(t) as coalesce(try_cast(t as double), nombre_francais(texte(t)));

create or replace macro entier_lu(t) as
  case when decimal_lu(t) = floor(decimal_lu(t)) then try_cast(decimal_lu(t) as integer) end;

create or replace macro booleen_lu(t) as
  case
    when lower(texte(t)) in ('oui', 'o', 'vrai', 'true', '1') then true
    when lower(texte(t)) in ('non', 'n', 'faux', 'false', '0') then false
  end;
