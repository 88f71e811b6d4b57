"""Names of the sample company's world. All of them are invented; any likeness to a real firm is chance."""

CHINESE_CITIES = (
	("苏州", "华东"), ("杭州", "华东"), ("宁波", "华东"), ("无锡", "华东"), ("南京", "华东"), ("上海", "华东"),
	("深圳", "华南"), ("东莞", "华南"), ("佛山", "华南"), ("广州", "华南"), ("厦门", "华南"),
	("天津", "华北"), ("北京", "华北"), ("石家庄", "华北"), ("济南", "华北"), ("青岛", "华北"),
	("成都", "西南"), ("重庆", "西南"), ("武汉", "华中"), ("长沙", "华中"), ("西安", "西北"),
)  # fmt: skip
CHINESE_FIRMS = (
	"恒远", "启明", "瑞丰", "景和", "博朗", "德胜", "金桥", "海川", "云锦", "天成", "华亿", "永固", "众信", "嘉禾",
	"明泽", "安达", "新越", "中砺", "同创", "百川", "润泰", "凯旭", "远帆", "志恒", "宏图", "星辉",
)  # fmt: skip
CHINESE_TRADES = (
	"精密机械", "自动化设备", "化工", "食品", "生物医药", "环保科技", "水处理", "纺织", "新能源", "电子",
	"仪表", "包装", "热能工程", "造纸", "船舶配件",
)  # fmt: skip
CHINESE_FORMS = ("有限公司", "有限公司", "有限公司", "股份有限公司", "(集团)有限公司")

EUROPEAN_CITIES = (
	("Lyon", "Southern Europe"), ("Turin", "Southern Europe"), ("Valencia", "Southern Europe"),
	("Porto", "Southern Europe"), ("Leipzig", "Central Europe"), ("Linz", "Central Europe"),
	("Basel", "Central Europe"), ("Brno", "Central Europe"), ("Gdynia", "Central Europe"),
	("Malmö", "Nordics"), ("Turku", "Nordics"), ("Aarhus", "Nordics"), ("Bergen", "Nordics"),
	("Leeds", "United Kingdom"), ("Cork", "United Kingdom"), ("Boston", "Overseas"), ("Toronto", "Overseas"),
)  # fmt: skip
EUROPEAN_FIRMS = (
	"Northgate", "Alder & Finch", "Brunswick", "Castellan", "Dovetail", "Eastbrook", "Fairhaven", "Greystone",
	"Halvorsen", "Ironbridge", "Juniper", "Kestrel", "Larkfield", "Meridian", "Nyström", "Oakhurst",
	"Pellerin", "Quarrymen", "Rosenholm", "Silverlake", "Thornbury", "Umbria", "Vantage", "Westermann",
)  # fmt: skip
EUROPEAN_TRADES = (
	"Laboratories", "Process Systems", "Water", "Foods", "Chemicals", "Packaging", "Energy", "Marine",
	"Pharma", "Automation", "Paper", "Instruments",
)  # fmt: skip
EUROPEAN_FORMS = ("Ltd", "GmbH", "SA", "AB", "SpA", "BV", "Inc")

CHINESE_GROUPS = ("经销商", "终端客户", "系统集成商", "政府及事业单位")
EUROPEAN_GROUPS = ("Distributors", "End Customers", "System Integrators", "Public Sector")
CHINESE_SALES_PERSONS = ("陈思远", "林佳怡", "王海峰", "周敏", "赵一鸣")
EUROPEAN_SALES_PERSONS = ("Anna Lindqvist", "Marc Delorme", "Eva Novak", "James Whitfield")

# Item and list price in CNY.
ITEMS = (
	("PT-200 Pressure Transmitter", 1280), ("PT-450 Differential Pressure Transmitter", 2650),
	("FM-80 Magnetic Flowmeter", 4900), ("FM-150 Vortex Flowmeter", 6200), ("TS-10 Temperature Sensor", 185),
	("TS-40 Thermowell Assembly", 420), ("LV-30 Radar Level Gauge", 7400), ("LV-05 Float Switch", 96),
	("AN-11 pH Analyser", 3150), ("AN-22 Conductivity Analyser", 3480), ("CV-60 Control Valve", 8800),
	("CV-12 Solenoid Valve", 310), ("GW-1 Fieldbus Gateway", 2100), ("CAL-7 Calibration Service", 650),
	("SRV-2 Site Commissioning", 3600), ("SP-9 Seal Kit", 58),
)  # fmt: skip

DISPUTES = (
	"Goods arrived damaged, replacement requested",
	"Price differs from the order confirmation",
	"Quantity short on delivery",
	"到货数量不符，等待核对",
	"发票信息有误，要求重开",
	"Commissioning not accepted yet",
)
