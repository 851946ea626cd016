package web

import (
	"net/url"
)

// explored are addresses of the pages that answer from the index, in their states; what strangers type is hostile.
var explored = []string{"/explorer", "/explorer?q=bus&type=projet&type=evenement", "/explorer?q=buss+lozere", "/explorer?q=rien+du+tout&theme=food_farming&territoire=com48095",
	"/explorer?instance=" + url.QueryEscape(hostile), "/explorer?q=" + url.QueryEscape(hostile), "/explorer?q=@bus", "/territoires", "/territoires?q=saint-pierre", "/territoires?q=" + url.QueryEscape(hostile),
	"/territoires/dep48", "/territoires/com48095", "/territoires/reg53", "/territoires/epci243500741", "/territoires/com56178"}
