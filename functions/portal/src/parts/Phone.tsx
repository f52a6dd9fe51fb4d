import { Grid, Select, TextInput } from "@mantine/core";

const codes = "AE AR AT AU BD BE BG BR CA CH CL CN CO CY CZ DE DK EE EG ES FI FR GB GH GR HK HR HU ID IE IL IN IS IT JP KE KR LK LT LU LV MT MX MY NG NL NO NP NZ PE PH PK PL PT QA RO RS SA SE SG SI SK TH TR TW UA US UY VN ZA".split(" ");
const names = new Intl.DisplayNames(undefined, { type: "region" });
const countries = codes.map(value => ({ value, label: names.of(value) ?? value })).sort((a, b) => a.label.localeCompare(b.label));

export const homeCountry = () => {
  const region = new Intl.Locale(navigator.language).maximize().region ?? "";
  return codes.includes(region) ? region : "US";
};

interface Props { country: string; phone: string; onCountry: (value: string) => void; onPhone: (value: string) => void; error?: React.ReactNode }

export const Phone = ({ country, phone, onCountry, onPhone, error }: Props) => (
  <Grid gap="xs">
    <Grid.Col span={{ base: 12, xs: 5 }}>
      <Select label="Country" data={countries} value={country} onChange={value => onCountry(value ?? country)} searchable allowDeselect={false} />
    </Grid.Col>
    <Grid.Col span={{ base: 12, xs: 7 }}>
      <TextInput label="Phone" type="tel" autoComplete="tel" value={phone} onChange={event => onPhone(event.currentTarget.value)} error={error} required />
    </Grid.Col>
  </Grid>
);
