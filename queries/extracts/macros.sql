-- How a cell of a French file is read. Each macro tries the common form first: the rest costs only where needed.
create or replace macro sans_blancs(t) as trim(t, e' \t\r\n' || chr(160) || chr(8239) || chr(8201));

create or replace macro est_manquant(t) as
  lower(t) in ('', '.', '-', '–', '—', 'null', 'nr', 'n.r.', 'n.c.', 'nc', 'n/a', '#n/a', 'non renseigné', 'non renseigne', 'non renseignée',
    'non renseignee');

create or replace macro finit_par_un_blanc(t) as
  ends_with(t, ' ') or ends_with(t, chr(160)) or ends_with(t, chr(8239)) or ends_with(t, e'\t') or ends_with(t, chr(8201))
  or ends_with(t, e'\r') or ends_with(t, e'\n');

create or replace macro texte(t) as
  case
    when t >= '0' and t < 'N' and not finit_par_un_blanc(t) then t
    when est_manquant(sans_blancs(t)) then null
    -- The apostrophe that keeps a spreadsheet from running a formula is not part of the text.
    when regexp_matches(t, '^''[=+@-]') then sans_blancs(t[2:])
    else sans_blancs(t)
  end;

-- Lower case, without accents, punctuation as one space: how codes, labels and synonyms are compared.
create or replace macro forme(t) as
  trim(regexp_replace(lower(strip_accents(t)), '[^a-z0-9]+', ' ', 'g'));

-- A line of totals, by its first cell. The first character, a mark before the word perhaps, is asked first: most rows stop there.
create or replace macro est_total(t) as
  case
    when t[1] in ('t', 'T', 's', 'S', 'e', 'E', '«', '“', '"', '(', '[', '*', '=', '-', '–', '—', '•')
    then regexp_matches(forme(t), '^(total|totaux|sous total|sous totaux)( |$)|^(ensemble|total general)$')
    else false
  end;

create or replace macro nombre_francais(t) as
  try_cast(replace(regexp_replace(rtrim(t, '%'), '[ \x{00a0}\x{202f}\x{2009}]', '', 'g'), ',', '.') as double)
  / if(ends_with(t, '%'), 100, 1);

-- DuckDB takes `1_5` for 15: nobody writes a number so.
create or replace macro decimal_lu(t) as
  case when not contains(t, '_') then coalesce(try_cast(t as double), nombre_francais(texte(t))) end;

create or replace macro entier_lu(t) as
  case when decimal_lu(t) = floor(decimal_lu(t)) then try_cast(decimal_lu(t) as integer) end;

create or replace macro booleen_lu(t) as
  case
    when lower(texte(t)) in ('oui', 'o', 'vrai', 'true', '1') then true
    when lower(texte(t)) in ('non', 'n', 'faux', 'false', '0') then false
  end;
