-- How a day or a month is read. Each macro tries the common form first: the rest costs only where needed.
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

-- Day first (31/12/2024), as French files write it. Ten bytes may also be a short date followed by blanks.
create or replace macro jour_fr(t) as
  case
    when strlen(t) = 10 and t[3] = '/' and t[6] = '/' and t[10] >= '0' then try_strptime(t, '%d/%m/%Y')::date
    when strlen(t) = 10 and t[5] = '-' and t[10] >= '0' then try_cast(t as date)
    else coalesce(
      jour_iso(texte(t)),
      jour_calendaire(parties_date(texte(t)).a, parties_date(texte(t)).d, parties_date(texte(t)).p),
      jour_de_serie(texte(t)))
  end;

-- Month first (12/31/2024): only when the user says so.
create or replace macro jour_us(t) as
  case
    when strlen(t) = 10 and t[3] = '/' and t[6] = '/' and t[10] >= '0' then try_strptime(t, '%m/%d/%Y')::date
    when strlen(t) = 10 and t[5] = '-' and t[10] >= '0' then try_cast(t as date)
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
