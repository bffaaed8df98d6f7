"""What the rulesets of tests that are written in Chinese begin with."""

HEAD = """\
编号: test/form/1
名称: 试评表
制定单位: 某局
年度: 2024
舍入: {小数位数: 2, 方式: 四舍五入, 何处: 三级指标}
等级: [{名称: 优, 自: 0}]
"""
