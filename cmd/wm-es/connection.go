package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/wmtools/wm/lib/app"
	"github.com/wmtools/wm/lib/es"
)

// connection makes the flags that all subcommands have. Secrets come from files
// or the environment: what is on the command line every user of the machine can
// see.
func connection() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "es", Usage: "server `URL`", DefaultText: es.DefaultURL},
		&cli.StringFlag{Name: "index", Value: es.DefaultIndex, Usage: "index name `PATTERN`"},
		&cli.StringFlag{Name: "user", Usage: "`NAME` of the user", Hidden: true},
		&cli.StringFlag{Name: "password-file", Usage: "its password is in `FILE`", Hidden: true},
		&cli.StringFlag{Name: "api-key-file", Usage: "the API key is in `FILE`", Hidden: true},
		&cli.StringFlag{Name: "ca", Usage: "trust the certificates in `FILE` too", Hidden: true},
		&cli.StringFlag{Name: "fingerprint", Usage: "trust the certificate with this `SHA256` alone", Hidden: true},
		&cli.StringFlag{Name: "cloud-id", Usage: "`ID` of a deployment of Elastic Cloud", Hidden: true},
		&cli.BoolFlag{Name: "insecure-tls", Usage: "trust any server", Hidden: true},
	}
}

// flagsBehind refuses flags in front of a subcommand, which has flags of the
// same names: they would be ignored.
func flagsBehind(c *cli.Context) error {
	if first := c.Args().First(); c.NumFlags() > 0 && c.App.Command(first) != nil {
		return app.Usage("flags go behind %s, not in front of it", first)
	}
	return nil
}

// connect makes the client and the pattern of the command line, for those who
// write.
func connect(c *cli.Context) (*es.Client, es.IndexPattern, error) {
	client, pattern, err := connectReader(c)
	if err == nil {
		err = pattern.Writable()
	}
	return client, pattern, err
}

// connectReader is connect for those who read: "*" may stand in the pattern.
func connectReader(c *cli.Context) (*es.Client, es.IndexPattern, error) {
	pattern, err := es.ParseIndexPattern(c.String("index"))
	if err != nil {
		return nil, pattern, err
	}
	o, err := options(c)
	if err != nil {
		return nil, pattern, err
	}
	if o.InsecureTLS {
		fmt.Fprintln(app.Stderr, "wm-es: --insecure-tls: whoever is between here and the server can read and change what is sent")
	}
	client, err := es.Connect(o)
	return client, pattern, err
}

// options reads the flags of connection and the variables that hold secrets.
func options(c *cli.Context) (o es.Options, err error) {
	o = es.Options{
		CloudID: c.String("cloud-id"), User: c.String("user"),
		Fingerprint: c.String("fingerprint"), InsecureTLS: c.Bool("insecure-tls"),
	}
	for _, list := range c.StringSlice("es") {
		o.URLs = append(o.URLs, addresses(list)...)
	}
	switch {
	case o.CloudID != "" && len(o.URLs) > 0:
		return o, app.Usage("--es and --cloud-id name two servers: give one of them")
	case o.CloudID == "" && len(o.URLs) == 0:
		o.URLs = []string{es.DefaultURL}
	}
	if o.Password, err = secret(c.String("password-file"), "WM_ES_PASSWORD"); err != nil {
		return o, err
	}
	if o.APIKey, err = secret(c.String("api-key-file"), "WM_ES_API_KEY"); err != nil {
		return o, err
	}
	switch {
	case o.User != "" && o.APIKey == "" && o.Password == "":
		return o, app.Usage("user %s has no password: set WM_ES_PASSWORD or give --password-file", o.User)
	case o.User == "" && c.IsSet("password-file") && !userInAddress(o.URLs):
		return o, app.Usage("--password-file: whose password is it? --user names the user")
	}
	if name := c.String("ca"); name != "" {
		o.CA, err = os.ReadFile(name)
	}
	return o, err
}

// addresses takes a list with commas apart. A password may have commas too: one
// separates only in front of the next address.
func addresses(list string) []string {
	for _, scheme := range []string{"http://", "https://"} {
		list = strings.ReplaceAll(list, ","+scheme, "\n"+scheme)
	}
	return strings.Split(list, "\n")
}

// userInAddress reports whether an address names a user, as in
// http://user@127.0.0.1:9200.
func userInAddress(addresses []string) bool {
	return slices.ContainsFunc(addresses, func(a string) bool { return strings.Contains(a, "@") })
}

// secret returns what is in a file, or in a variable where none is named.
func secret(file, variable string) (string, error) {
	if file == "" {
		return os.Getenv(variable), nil
	}
	text, err := os.ReadFile(file)
	found := strings.TrimRight(string(text), "\r\n")
	if err == nil && found == "" {
		err = app.Usage("%s is empty: it has to hold the secret alone", file)
	}
	return found, err
}
