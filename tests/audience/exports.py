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


# Lists of parcels: the fixed layouts of carriers (facts E4 to E6) and of LOGILESS, as far as it is fixed (E7).
LOGILESS = headers(
    "受注コード,受注日付,入金ステータス,承認ステータス,購入者名1,購入者名2,購入者名かな1,購入者名かな2,購入者郵便番号"
)
YAMATO_B2 = headers(
    "お客様管理番号,送り状種類,クール区分,伝票番号,出荷予定日,お届け予定日,配達時間帯,お届け先コード,"
    "お届け先電話番号,お届け先電話番号枝番,お届け先郵便番号,お届け先住所,お届け先アパートマンション名,"
    "お届け先会社・部門１,お届け先会社・部門２,お届け先名,お届け先名(ｶﾅ),敬称,ご依頼主コード,ご依頼主電話番号,"
    "ご依頼主電話番号枝番,ご依頼主郵便番号,ご依頼主住所,ご依頼主アパートマンション,ご依頼主名,ご依頼主名(ｶﾅ),"
    "品名コード１,品名１,品名コード２,品名２,荷扱い１,荷扱い２,記事,ｺﾚｸﾄ代金引換額（税込),内消費税額等,"
    "止置き,営業所コード,発行枚数,個数口表示フラグ,請求先顧客コード,請求先分類コード,運賃管理番号,"
    "クロネコwebコレクトデータ登録,クロネコwebコレクト加盟店番号,クロネコwebコレクト申込受付番号１,"
    "クロネコwebコレクト申込受付番号２,クロネコwebコレクト申込受付番号３,お届け予定ｅメール利用区分,"
    "お届け予定ｅメールe-mailアドレス,入力機種,お届け予定ｅメールメッセージ,お届け完了ｅメール利用区分,"
    "お届け完了ｅメールe-mailアドレス,お届け完了ｅメールメッセージ,クロネコ収納代行利用区分,予備,"
    "収納代行請求金額(税込),収納代行内消費税額等,収納代行請求先郵便番号,収納代行請求先住所,"
    "収納代行請求先住所（アパートマンション名）,収納代行請求先会社・部門名１,収納代行請求先会社・部門名２,"
    "収納代行請求先名(漢字),収納代行請求先名(カナ),収納代行問合せ先名(漢字),収納代行問合せ先郵便番号,"
    "収納代行問合せ先住所,収納代行問合せ先住所（アパートマンション名）,収納代行問合せ先電話番号,収納代行管理番号,"
    "収納代行品名,収納代行備考,複数口くくりキー,検索キータイトル1,検索キー1,検索キータイトル2,検索キー2,"
    "検索キータイトル3,検索キー3,検索キータイトル4,検索キー4,検索キータイトル5,検索キー5,予備,予備,"
    "投函予定メール利用区分,投函予定メールe-mailアドレス,投函予定メールメッセージ,"
    "投函完了メール（お届け先宛）利用区分,投函完了メール（お届け先宛）e-mailアドレス,"
    "投函完了メール（お届け先宛）メールメッセージ,投函完了メール（ご依頼主宛）利用区分,"
    "投函完了メール（ご依頼主宛）e-mailアドレス,投函完了メール（ご依頼主宛）メールメッセージ"
)
SAGAWA_EHIDEN3 = headers(
    "お届け先コード取得区分,お届け先コード,お届け先電話番号,お届け先郵便番号,お届け先住所１,お届け先住所２,"
    "お届け先住所３,お届け先名称１,お届け先名称２,お客様管理番号,お客様コード,部署ご担当者コード取得区分,"
    "部署ご担当者コード,部署ご担当者名称,荷送人電話番号,ご依頼主コード取得区分,ご依頼主コード,ご依頼主電話番号,"
    "ご依頼主郵便番号,ご依頼主住所１,ご依頼主住所２,ご依頼主名称１,ご依頼主名称２,荷姿,品名１,品名２,品名３,"
    "品名４,品名５,荷札荷姿,荷札品名１,荷札品名２,荷札品名３,荷札品名４,荷札品名５,荷札品名６,荷札品名７,"
    "荷札品名８,荷札品名９,荷札品名１０,荷札品名１１,出荷個数,スピード指定,クール便指定,配達日,配達指定時間帯,"
    "配達指定時間（時分）,代引金額,消費税,決済種別,保険金額,指定シール１,指定シール２,指定シール３,営業所受取,"
    "SRC区分,営業所受取営業所コード,元着区分,メールアドレス,ご不在時連絡先,出荷日,お問い合せ送り状No.,"
    "出荷場印字区分,集約解除指定,編集01,編集02,編集03,編集04,編集05,編集06,編集07,編集08,編集09,編集10"
)
YUPURI_R = headers(
    "お客様側管理番号,発送予定日,発送予定時間区分,出荷期限日,到着期限日,郵便種別,保冷種別,元／着払／代引,"
    "書留／セキュリティ／特定記録種別,配達時間帯指定郵便種別,送り状種別,お届け先 コード,お届け先 郵便番号,"
    "お届け先 住所１,お届け先 住所２,お届け先 住所３,お届け先 名称１,お届け先 名称２,お届け先 敬称区分,"
    "お届け先 電話番号,お届け先 メールアドレス１,お届け先 局留め区分,お届け先 局留め郵便局名,"
    "お届け先 局留めメール使用区分,お届け先 局留め郵便番号,お届け先 配達予告メール使用区分,"
    "お届け先 再配達予告メール使用区分,ご依頼主 コード,ご依頼主 集荷先と同一区分,ご依頼主 郵便番号,"
    "ご依頼主 住所１,ご依頼主 住所２,ご依頼主 住所３,ご依頼主 名称１,ご依頼主 名称２,ご依頼主 敬称,"
    "ご依頼主 電話番号,ご依頼主 メールアドレス１,ご依頼主 荷送人指図区分,ご依頼主 お届け通知メール使用区分,"
    "ご依頼主 お届け通知はがき使用区分,集荷先 コード,集荷先 連携可否区分,集荷先 会社コード,"
    "集荷先 依頼先店所コード,集荷先 郵便番号,集荷先 住所１,集荷先 住所２,集荷先 住所３,集荷先 名称１,"
    "集荷先 名称２,集荷先 敬称,集荷先 電話番号,受注番号,こわれもの区分,なまもの区分,ビン類区分,逆さま厳禁区分,"
    "下積み厳禁区分,商品サイズ区分,重量合計（ｇ）,25kg超重量物区分,損害要償額,速達・配達日指定種別,"
    "配達指定日／希望日,配達時間帯区分,差出方法区分,ゆうパック複数個割引,ゆうパック同一割引,セット商品コード,"
    "セット品名ラベル印字区分,複数個口数,記事名１,記事名２,フリー項目０１,フリー項目０２,フリー項目０３,"
    "フリー項目０４,フリー項目０５,フリー項目０６,フリー項目０７,フリー項目０８,フリー項目０９,フリー項目１０,"
    "空港利用区分,空港・局／支店名,航空会社名,利用便名,レジャー区分,プレー・搭乗日,プレー・搭乗時間,クラブ本数,"
    "復路集貨日,出荷先登録名,集荷希望区分,集荷日付,集荷時間帯区分,支店連携先選択用名称,代引金額,代引消費税金額,"
    "送り状発行年月日,商品番号,品名,個数,重量（ｇ）,単価,金額,商品備考０１,商品備考０２,商品備考０３,"
    "商品備考０４,商品備考０５,商品備考０６,商品備考０７,商品備考０８,商品備考０９,商品備考１０"
)
