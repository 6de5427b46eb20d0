"""The header rows of other systems' exports, whole, as the shops' own files have them, and rows under them."""

import csv
import io


def headers(row: str) -> list[str]:
    """The names of a header row."""
    return row.split(",")


SHOPIFY_ORDERS = headers(
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,"
    "Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,"
    "Lineitem price,Lineitem compare at price,Lineitem sku,Lineitem requires shipping,Lineitem taxable,"
    "Lineitem fulfillment status,Billing Name,Billing Street,Billing Address1,Billing Address2,Billing Company,"
    "Billing City,Billing Zip,Billing Province,Billing Country,Billing Phone,Shipping Name,Shipping Street,"
    "Shipping Address1,Shipping Address2,Shipping Company,Shipping City,Shipping Zip,Shipping Province,"
    "Shipping Country,Shipping Phone,Notes,Note Attributes,Cancelled at,Payment Method,Payment Reference,"
    "Refunded Amount,Vendor,Outstanding Balance,Employee,Location,Device ID,Id,Tags,Risk Level,Source,"
    "Lineitem discount,Tax 1 Name,Tax 1 Value,Tax 2 Name,Tax 2 Value,Tax 3 Name,Tax 3 Value,Tax 4 Name,Tax 4 Value,"
    "Tax 5 Name,Tax 5 Value,Phone,Receipt Number,Duties,Billing Province Name,Shipping Province Name,Payment ID,"
    "Payment Terms Name,Next Payment Due At,Payment References"
)
SHOPIFY_CUSTOMERS = headers(
    "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,"
    "Default Address Address1,Default Address Address2,Default Address City,Default Address Province Code,"
    "Default Address Country Code,Default Address Zip,Default Address Phone,Phone,Accepts SMS Marketing,"
    "Total Spent,Total Orders,Note,Tax Exempt,Tags"
)
SHOPIFY_CUSTOMERS_SHORT = headers(  # the names as older exports have them: Phone twice
    "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Company,Address1,Address2,City,Province Code,"
    "Country Code,Zip,Phone,Phone,Accepts SMS Marketing,Total Spent,Total Orders,Note,Tax Exempt,Tags"
)
ECCUBE_CUSTOMERS = headers(
    "会員ID,お名前(姓),お名前(名),お名前(セイ),お名前(メイ),会社名,郵便番号,都道府県(ID),都道府県(名称),住所1,住所2,"
    "メールアドレス,TEL,性別(ID),性別(名称),職業(ID),職業(名称),誕生日,初回購入日,最終購入日,購入回数,"
    "ショップ用メモ欄,会員ステータス(ID),会員ステータス(名称),登録日,更新日"
)
ECCUBE_ORDERS = headers(
    "注文ID,注文番号,会員ID,お名前(姓),お名前(名),お名前(セイ),お名前(メイ),会社名,郵便番号,都道府県(ID),"
    "都道府県(名称),住所1,住所2,メールアドレス,TEL,性別(ID),性別(名称),職業(ID),職業(名称),誕生日,ショップ用メモ欄,"
    "小計,値引き,送料,税金,合計,支払合計,対応状況(ID),対応状況(名称),支払方法(ID),支払方法(名称),受注日,入金日,"
    "注文詳細ID,商品ID,商品規格ID,商品名,商品コード,規格名1,規格名2,規格分類名1,規格分類名2,価格,個数,税率,"
    "税率ルール(ID),明細区分(ID),明細区分(名称),出荷ID,配送先_お名前(姓),配送先_お名前(名),配送先_お名前(セイ),"
    "配送先_お名前(メイ),配送先_会社名,配送先_郵便番号,配送先_都道府県(ID),配送先_都道府県(名称),配送先_住所1,"
    "配送先_住所2,配送先_TEL,配送業者(ID),配送業者(名称),お届け時間ID,お届け時間(名称),お届け希望日,送料,発送日,"
    "出荷伝票番号,配達用メモ,出荷メール送信日"
)
NEXTENGINE_37 = headers(
    "店舗伝票番号,受注日,受注郵便番号,受注住所１,受注住所２,受注名,受注名カナ,受注電話番号,受注メールアドレス,"
    "発送郵便番号,発送先住所１,発送先住所２,発送先名,発送先カナ,発送電話番号,支払方法,発送方法,商品計,税金,発送料,"
    "手数料,ポイント,その他費用,合計金額,ギフトフラグ,時間帯指定,日付指定,作業者欄,備考,商品名,商品コード,商品価格,"
    "受注数量,商品オプション,出荷済フラグ,顧客区分,顧客コード"
)
NEXTENGINE_61 = headers(
    "店舗伝票番号,受注日,受注郵便番号,受注住所１,受注住所２,受注名,受注名カナ,受注電話番号,受注メールアドレス,"
    "発送郵便番号,発送先住所１,発送先住所２,発送先名,発送先カナ,発送電話番号,支払方法,発送方法,商品計,税金,発送料,"
    "手数料,手数料(0%対象),手数料(8%対象),手数料(10%対象),ポイント,ポイント(0%対象),ポイント(8%対象),"
    "ポイント(10%対象),ポイント(按分),ポイント(支払い),その他費用,その他費用(0%対象),その他費用(8%対象),"
    "その他費用(10%対象),クーポン割引額,クーポン割引額(0%対象),クーポン割引額(8%対象),クーポン割引額(10%対象),"
    "クーポン割引額(按分),請求金額(0%対象),請求金額(8%対象),請求額に対する税額(8%対象),請求金額(10%対象),"
    "請求額に対する税額(10%対象),合計金額,ギフトフラグ,時間帯指定,日付指定,作業者欄,備考,商品名,商品コード,商品価格,"
    "受注数量,商品オプション,出荷済フラグ,顧客区分,顧客コード,消費税率（%）,のし,ラッピング"
)


def export(header: list[str], *rows: dict[str, str], encoding: str = "utf-8") -> bytes:
    """A CSV file with the whole header; of a name that it has twice, the first is filled."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    for row in rows:
        assert set(row) <= set(header), set(row) - set(header)
        first = {name: header.index(name) for name in row}
        writer.writerow([row[name] if first.get(name) == place else "" for place, name in enumerate(header)])
    return text.getvalue().encode(encoding)
