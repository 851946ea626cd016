package i18n

// pictureMessages say what is wrong with a picture that somebody sends, and what to do about it.
var pictureMessages = Table{
	{"picture.empty", "Aucune image n’est arrivée. Choisissez un fichier.", "No picture arrived. Choose a file."},
	{"picture.too_heavy", "Ce fichier dépasse 20 Mo. Choisissez une image plus légère.", "This file is larger than 20 MB. Choose a lighter picture."},
	{"picture.too_large", "Cette image a trop de pixels : 40 millions au plus (20 pour un PNG en 16 bits). Réduisez-la et réessayez.", "This picture has too many pixels: 40 million at most (20 for a 16-bit PNG). Make it smaller and try again."},
	{"picture.too_small", "Cette image est vide : elle n’a ni largeur ni hauteur.", "This picture is empty: it has no width or height."},
	{"picture.broken", "Ce fichier est incomplet ou abîmé. Ouvrez-le sur votre appareil, enregistrez-le de nouveau et réessayez.", "This file is incomplete or damaged. Open it on your device, save it again and retry."},
	{"picture.svg", "Les dessins SVG ne sont pas acceptés. Exportez celui-ci en PNG.", "SVG drawings are not accepted. Export this one as PNG."},
	{"picture.heic", "Votre appareil a enregistré cette photo en HEIC ou en AVIF, que tous les navigateurs ne lisent pas. Enregistrez-la en JPEG et réessayez.", "Your device saved this photo as HEIC or AVIF, which not every browser reads. Save it as JPEG and try again."},
	{"picture.pdf", "Ce fichier est un PDF. Une image doit être en JPEG, PNG, GIF ou WebP.", "This file is a PDF. A picture must be JPEG, PNG, GIF or WebP."},
	{"picture.other", "Ce fichier n’est pas une image que nous lisons : JPEG, PNG, GIF ou WebP.", "This file is not a picture we read: JPEG, PNG, GIF or WebP."},
	{"picture.too_many", "Vous avez déjà 40 images en attente. Publiez ou retirez-en avant d’en ajouter.", "You already have 40 pictures waiting. Publish or remove some before adding more."},
	{"picture.alt_long", "La description a au plus 1 500 caractères.", "The description has at most 1,500 characters."},
	{"picture.alt_missing", "Décrivez cette image pour les personnes qui ne la voient pas, ou indiquez qu’elle est décorative.", "Describe this picture for people who cannot see it, or mark it as decorative."},
	{"picture.sensitive", "Afficher l’image sensible || Afficher les {n} images sensibles", "Show the sensitive picture || Show the {n} sensitive pictures"},
	{"picture.busy", "Beaucoup d’images sont en cours de traitement. Réessayez dans une minute.", "Many pictures are being processed. Try again in a minute."},
}
