import { createHmac } from 'node:crypto';

const IDENTIFYING = [
  /^(nom(?!bre)|prenom)/,
  /nom(famille|naissance|usage|marital|allocataire|complet|prenom|conjoint|enfant|mere|pere)$/,
  /^nir\d?$|numerosecu|numsecu|nosecu|securitesociale|nss$/,
  /allocataire|matricule|numalloc/,
  /adresse|^rue$|^voie$|numerovoie|complementadr/,
  /telephone|^tel\d?$|^tel(fixe|portable|mobile)|portable|mobile/,
  /courriel|^mail|^email|adressemail|mail$/,
  /commentaire|observation|remarque|^notes?$|textelibre|champlibre|memo|compterendu|^commentaires?$/,
  /naissance|^age$|^sexe$|civilite|nationalite/
];

/** What looks like it at first sight, and names a thing. */
const HARMLESS =
  /^(nom|intitule)(du|de|dela|del|des)?(service|action|offre|lieu|site|territoire|commune|structure|atelier|permanence|quartier|qpv|evenement)|connaissance|^matricule(agent|ts|travailleur|intervenant|referent)|^nomcommune/;

/** True for a column (bare name) that seems to hold a direct identifier or free text: it is never read. */
export function looksIdentifying(bareName: string): boolean {
  return !HARMLESS.test(bareName) && IDENTIFYING.some((pattern) => pattern.test(bareName));
}

/**
 * Opaque key of a family given by its numéro allocataire, NIR or name. Control characters (the letter of the one,
 * the last two digits of the other), case and spaces are left out, so that a family has one key however it was written.
 */
export function pseudonym(identifier: string, key: string): string {
  const bare = identifier.replace(/[\s.-]/g, '').toUpperCase();
  const canonical = /^\d{7}[A-Z]?$/.test(bare)
    ? bare.slice(0, 7)
    : /^\d{5}..\d{6}(\d\d)?$/.test(bare)
      ? bare.slice(0, 13)
      : bare;
  return createHmac('sha256', key).update(canonical).digest('hex');
}
