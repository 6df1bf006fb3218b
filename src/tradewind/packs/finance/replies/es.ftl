### Lo que dice el asistente del banco en español.
###
### $tone es el tono del mercado: formal, polite, neutral o informal. Se trata de usted.

-bank = Northgate

## La conversación misma

dialogue_greeting = { $tone ->
    [formal] Buenos días, soy el asistente digital de { -bank }. ¿En qué puedo ayudarle?
   *[other] Hola, soy el asistente digital de { -bank }. ¿En qué puedo ayudarle?
  }
dialogue_greet = { $tone ->
    [formal] Buenos días. ¿En qué puedo ayudarle?
   *[other] Hola. ¿En qué puedo ayudarle?
  }
dialogue_thanks = De nada. ¿Puedo ayudarle en algo más?
dialogue_goodbye = Gracias por contactar con { -bank }. ¡Hasta pronto!
dialogue_go_ahead = Usted dirá: ¿en qué puedo ayudarle?
dialogue_anything_else = ¿Puedo ayudarle en algo más?
dialogue_next = Pasemos a su otra petición: { $flow }.
dialogue_back_to = Volvamos a: { $flow }.
dialogue_rephrase = Lo siento, no lo he entendido. ¿Podría decirlo de otra manera?
dialogue_not_understood = Lo siento, no estoy seguro de lo que quiere decir. ¿Se trata de alguno de estos temas?
dialogue_choose_one = Elija, por favor, una de las opciones que se muestran.
dialogue_button_gone = Esa opción ya no está disponible. Dígame, por favor, qué desea hacer.
dialogue_corrected = Gracias, ya lo he cambiado.
dialogue_done_already = Eso ya se ha realizado y no puedo cambiarlo desde aquí. ¿Quiere hablar con una persona de nuestro equipo?
dialogue_why = Necesito este dato para tramitar su petición. No se utiliza para nada más.
dialogue_nothing_to_cancel = No hay nada en curso que pueda cancelar.
dialogue_cancel_question = Una parte de «{ $flow }» ya se ha realizado y no se deshará. ¿Quiere detenerse aquí de todos modos?
dialogue_cancelled = He detenido «{ $flow }». No se hará nada más.
dialogue_reminder = ¿Sigue ahí? Puede continuar cuando quiera.
dialogue_closed = Como no he tenido respuesta, doy esto por terminado de momento. Escríbame cuando quiera empezar de nuevo.
dialogue_failure = Lo siento, no ha funcionado por un problema técnico. Nuestro equipo se ocupará de ello.
dialogue_yes = Sí
dialogue_no = No
dialogue_human = Hablar con una persona
error = Lo siento, ha habido un error por nuestra parte. Inténtelo de nuevo, por favor.

## Respuestas de los documentos

dialogue_answer =
    De nuestra página de ayuda «{ $title }»:

    { $quote }
dialogue_no_answer = Lo siento, no tengo una respuesta fiable a eso. Una persona de nuestro equipo puede ayudarle.

## Paso a una persona

dialogue_hand_off_requested = Por supuesto. Le paso con una persona de nuestro equipo, que verá toda nuestra conversación.
dialogue_hand_off_not_understood = Siento no entenderle bien. Le paso con una persona de nuestro equipo.
dialogue_hand_off_anger = Siento mucho las molestias. Le paso ahora mismo con una persona de nuestro equipo.
dialogue_hand_off_risk = Por su seguridad, un especialista lo revisará de inmediato. Le paso ahora.
dialogue_hand_off_rule = De esto debe ocuparse una persona de nuestro equipo. Le paso ahora.
dialogue_hand_off_failure = Lo siento, no he podido completarlo. Le paso con una persona de nuestro equipo para que no se pierda nada.

service-queued = { $minutes ->
    [one] Está en la cola. Le atenderán en aproximadamente un minuto.
   *[other] Está en la cola. Le atenderán en unos { $minutes } minutos.
  }
service-position = { $position ->
    [1] El siguiente turno es el suyo.
   *[other] Ocupa el puesto { $position } de la cola.
  }
service-closed = En este momento nuestro equipo no está disponible. Volvemos el { DATE($day) } a las { TIME($time) } y le responderemos aquí. Puede seguir escribiendo: no se pierde nada.
service-nobody = En este momento no hay nadie disponible. Su conversación queda guardada y la primera persona que quede libre le responderá aquí.
service-joined = { $agent } se ha unido a la conversación.
service-left = Su conversación pasa a otra persona del equipo. Espere un momento, por favor.
service-resolved = Esta conversación ha terminado. Escríbanos de nuevo si necesita algo más.
service-rate = ¿Hasta qué punto ha quedado satisfecho con nuestra ayuda, de 1 (nada) a 5 (mucho)?
service-thanks = Gracias por su opinión.
service-failed = Lo siento, ha habido un error por nuestra parte. Una persona de nuestro equipo se hará cargo.

## Productos

dialogue_suggestion = { $number }. { PRODUCT($product) }: { PRODUCT($product, part: "description") }
dialogue_no_suggestion = Lo siento, ahora mismo no tenemos ningún producto que se ajuste a lo que busca y a su situación.
product_suggestion =
    { PRODUCT($product) }
    { PRODUCT($product, part: "description") }
    { $reasons }

    { $disclosures }
reason_category = • Ha preguntado por { $category }.
reason_no_fee = • No tiene cuota mensual.
reason_monthly_fee = • Cuesta { MONEY($fee) } al mes.
reason_no_yearly_fee = • No tiene cuota anual.
reason_yearly_fee = • Cuesta { MONEY($fee) } al año.
reason_interest = • Paga un { PERCENT($rate) } de interés anual.
reason_borrow = • El importe puede ir de { MONEY($least) } a { MONEY($most) }.
reason_ongoing = • Los gastos corrientes son del { PERCENT($rate) } anual de lo invertido.
reason_risk = • Su clase de riesgo es { $risk } de 5; la de usted es { $own }.
reason_owned = • Complementa su producto «{ PRODUCT($product) }».
reason_age = • Está pensado para personas de { $since } a { $until } años.
reason_behaviour = • Clientes con hábitos parecidos suelen elegirlo.
category_account = una cuenta corriente
category_card = una tarjeta
category_credit_card = una tarjeta de crédito
category_savings = una cuenta de ahorro
category_deposit = un depósito a plazo
category_loan = un préstamo
category_mortgage = una hipoteca
category_fund = fondos de inversión
category_bond = bonos
category_pension = un plan de pensiones
category_insurance = un seguro
category_service = nuestros otros servicios

## Lo que la ley exige decir con un producto

disclosure_us_deposit = Los depósitos están asegurados por la FDIC hasta 250,000 dólares por depositante y tipo de titularidad. El interés de las cuentas de ahorro puede cambiar después de la apertura, y las comisiones pueden reducir el rendimiento.
disclosure_us_credit = APR (tasa anual) del { PERCENT($apr) }. Ejemplo: { MONEY($example_amount) } a { $example_months } meses cuestan { MONEY($example_instalment) } al mes y { MONEY($example_total) } en total. Sujeto a aprobación; la tasa depende de su historial de crédito.
disclosure_us_mortgage = La cuota mensual indicada no incluye impuestos ni primas de seguro; el pago real será mayor.
disclosure_us_investment = No asegurado por la FDIC. Sin garantía bancaria. Puede perder valor.
disclosure_us_insurance = No es un depósito. No está asegurado por la FDIC ni por ninguna agencia federal. El banco no lo garantiza. No tiene que contratar un seguro con nosotros para obtener un préstamo u otro producto.
disclosure_cn_deposit = Los depósitos están protegidos por el seguro de depósitos de China hasta un total de 500 000 yuanes por depositante.
disclosure_cn_credit = Tipo anual del { PERCENT($apr) } (interés simple). Ejemplo: { MONEY($example_amount) } a { $example_months } meses cuestan { MONEY($example_instalment) } al mes y { MONEY($example_total) } en total. El importe y el tipo dependen de la aprobación. Pida solo lo que pueda devolver.
disclosure_cn_investment = No es un depósito. Invertir conlleva riesgos y puede perder capital. Los resultados pasados no predicen los futuros. Lea el contrato, el folleto y el resumen del producto antes de comprar.
disclosure_cn_insurance = Es un contrato con una aseguradora, no un depósito bancario. Lea las condiciones antes de contratar, sobre todo las exclusiones, el plazo de desistimiento y lo que se pierde con un rescate anticipado.
disclosure_de_deposit = Los depósitos están protegidos por el sistema legal alemán (EdB) hasta 100.000 € por persona. Antes de la apertura recibirá la hoja informativa para el depositante.
disclosure_es_deposit = 1/6. Este número es indicativo del riesgo del producto, siendo 1/6 indicativo de menor riesgo y 6/6 de mayor riesgo. { -bank } está adherido al Fondo de Garantía de Depósitos de Entidades de Crédito, que cubre hasta 100.000 € por depositante.
disclosure_eu_credit = ¡Atención! Tomar dinero prestado cuesta dinero. Ejemplo representativo: importe { MONEY($example_amount) }, plazo { $example_months } meses, TIN fijo { PERCENT($nominal) }, TAE { PERCENT($apr) }, cuota mensual { MONEY($example_instalment) }, importe total adeudado { MONEY($example_total) }. Prestamista: { -bank }. Sujeto a estudio de solvencia.
disclosure_eu_mortgage = Ejemplo representativo: importe { MONEY($example_amount) }, plazo { $example_months } meses, TIN { PERCENT($nominal) }, TAE { PERCENT($apr) }, cuota mensual { MONEY($example_instalment) }, importe total adeudado { MONEY($example_total) }. El préstamo se garantiza con hipoteca sobre el inmueble; no se incluyen los gastos de tasación, notaría y registro. Prestamista: { -bank }.
disclosure_eu_investment = El valor de una inversión puede bajar y usted podría recuperar menos de lo que ha aportado. Las rentabilidades pasadas no son un indicador fiable de las futuras. Antes de comprar recibirá el documento de datos fundamentales.
disclosure_eu_insurance = { -bank } actúa como mediador de seguros y recibe una comisión de la aseguradora. Antes de firmar recibirá el documento de información sobre el producto de seguro, y puede desistir dentro del plazo legal. El seguro no es condición para ninguno de nuestros otros productos.
disclosure_jp_deposit = Cubierto por el seguro de depósitos de Japón hasta 10 millones de yenes de principal por depositante, con sus intereses. Los intereses tributan en origen.
disclosure_jp_credit = Tipo anual del { PERCENT($apr) }. Ejemplo: { MONEY($example_amount) } a { $example_months } meses cuestan { MONEY($example_instalment) } al mes y { MONEY($example_total) } en total. Sujeto a nuestra evaluación. Planifique bien el préstamo y su devolución.
disclosure_jp_investment = No es un depósito ni está cubierto por el seguro de depósitos. No se garantizan el principal ni el rendimiento: las variaciones de precios, intereses y divisas pueden causar pérdidas por debajo de lo invertido. Se aplican comisiones. Lea los documentos precontractuales y el folleto antes de comprar.
disclosure_jp_insurance = Es un seguro, no un depósito, y no está cubierto por el seguro de depósitos. Contratarlo o no carece de influencia en sus demás operaciones con nosotros. Lea el resumen del contrato y los avisos importantes, y tenga en cuenta el plazo de desistimiento.
