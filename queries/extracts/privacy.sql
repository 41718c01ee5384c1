-- What looks like a direct identifier: hidden in every field of a rejected row and of a report.
create or replace macro ressemble_nir(t) as
  regexp_matches(t, '(^|[^0-9a-zA-Z])[1-8][ .-]?\d{2}[ .-]?\d{2}[ .-]?(\d{2}|2[abAB])[ .-]?\d{3}[ .-]?\d{3}([ .-]?\d{2})?($|[^0-9a-zA-Z])')
  or regexp_matches(regexp_replace(t, '[\s\x{00a0}\x{202f}]', '', 'g'), '(^|\D)(\d{13}|\d{15})($|\D)');

create or replace macro ressemble_telephone(t) as
  regexp_matches(t, '(^|[^0-9a-zA-Z])((\+33|0033)[ .()-]*0?[ .()-]*|0)[1-9]([ .\x{00a0}\x{202f}-]?\d{2}){4}($|[^0-9a-zA-Z])')
  or regexp_full_match(t, '[67]\d{8}');

create or replace macro ressemble_allocataire(t) as
  regexp_matches(t, '(^|[^0-9a-zA-Z])\d{7}[ \x{00a0}]?[a-zA-Z]?($|[^0-9a-zA-Z])');

create or replace macro ressemble_adresse(t) as
  regexp_matches(lower(strip_accents(t)),
    '\d\s*(bis|ter|quater)?[\s,]+(rue|avenue|av|boulevard|bd|bld|place|pl|allee|chemin|impasse|square|quai|route|cours|villa|residence|sente|passage)\b');

create or replace macro masque(t) as
  case
    -- Every identifier has a digit or an at sign: this spares five patterns on most texts.
    when not regexp_matches(t, '[0-9@]') then t
    when contains(t, '@') or ressemble_nir(t) or ressemble_telephone(t) or ressemble_allocataire(t) or ressemble_adresse(t)
    then '[masqué]'
    else t
  end;

create or replace macro est_un_mot(t) as not regexp_matches(t, '\d');

-- As `masque`; in a row whose cells slipped, any word without a digit, and any text of several words, may name someone.
create or replace macro masque_si(glissee, t) as
  if(glissee and (est_un_mot(t) or (regexp_matches(t, '\pL{2}') and contains(t, ' '))), '[masqué]', masque(t));

-- A key is opaque: one that reads as an address, a telephone or a NIR is none.
create or replace macro cle_identifiante(t) as
  case
    when strlen(t) < 9 then false
    else contains(t, '@') or ressemble_telephone(t)
      or regexp_full_match(regexp_replace(t, '[\s.\x{00a0}\x{202f}-]', '', 'g'), '[12]\d{2}(0[1-9]|1[0-2]|[2-9]\d)(\d{2}|2[abAB])\d{6}(\d{2})?')
  end;

-- Two words and no digit: a worker has a code, never a name.
create or replace macro ressemble_nom(t) as contains(t, ' ') and est_un_mot(t);

-- A family key that is in truth a numéro allocataire, a NIR, an address or a name (words without any digit).
create or replace macro famille_suspecte(t) as
  case
    when t >= '0' and t < ':' then regexp_full_match(regexp_replace(t, '[\s.\x{00a0}\x{202f}-]', '', 'g'),
      '\d{7}[a-zA-Z]?|\d{5}(\d{2}|2[abAB])\d{6}(\d{2})?') or contains(t, '@') or ressemble_telephone(t)
      or (contains(t, ' ') and ressemble_adresse(t))
    else contains(t, '@') or (strlen(t) > 1 and est_un_mot(t)) or ressemble_telephone(t)
      or (contains(t, ' ') and (ressemble_adresse(t) or regexp_matches(t, '\pL{2,}[ ''’-]+\pL{2,}')))
  end;
