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
service-rate = ¿Qué le ha parecido nuestra ayuda, de 1 (muy mala) a 5 (muy buena)?
service-thanks = Gracias por su opinión.
service-failed = Lo siento, ha habido un error por nuestra parte. Una persona de nuestro equipo se hará cargo.
channel-attachments = Aquí solo puedo leer texto, así que no he podido abrir lo que ha adjuntado. Cuénteme por escrito qué dice o pida hablar con una persona de nuestro equipo.

## Productos

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

## Transferencia

flow_transfer_account = ¿Desde qué cuenta quiere enviarlo?
flow_transfer_account_why = Tiene varias cuentas y necesito saber de cuál debe salir el dinero.
flow_transfer_recipient = ¿Para quién es el dinero?
flow_transfer_recipient_why = En una transferencia debe figurar la persona o empresa que recibe el dinero.
flow_transfer_amount = ¿Cuánto quiere enviar?
flow_transfer_amount_again = Indíqueme el importe en cifras, por ejemplo 250.
flow_transfer_amount_why = Necesito el importe para preparar la transferencia. No se envía nada hasta que usted lo confirme.
flow_transfer_amount_positive = El importe debe ser mayor que cero.
flow_transfer_amount_limit = Supera el límite de las transferencias por chat. Puede enviar importes mayores desde la banca en línea.
flow_transfer_confirm = ¿Envío { $amount } a { $recipient } desde su cuenta «{ $account_text }»?
flow_transfer_no_funds = No hay saldo suficiente en «{ $account_text }»: dispone de { $transfer_balance }.
flow_transfer_other_currency = Aquí solo puedo enviar dinero en la divisa de su cuenta.
flow_transfer_done = Hecho: { $amount } van de camino a { $recipient }. La referencia es { $transfer_reference }, y en «{ $account_text }» quedan { $transfer_balance }.

## Tarjeta perdida o robada

flow_card_lost_reason = ¿Ha perdido la tarjeta o se la han robado?
flow_card_lost_reason_why = Tras un robo hay más que hacer que tras una pérdida, y la tarjeta nueva es gratuita.
flow_card_lost_reason_lost = La he perdido
flow_card_lost_reason_stolen = Me la han robado
flow_card_lost_card = ¿De qué tarjeta se trata?
flow_card_lost_card_why = Solo bloquearé esta tarjeta; las demás seguirán funcionando.
flow_card_lost_confirm = ¿Bloqueo ahora esta tarjeta: { $card_text }? Después, nadie podrá pagar con ella.
flow_card_lost_frozen = He bloqueado esta tarjeta: { $card_text }.
flow_card_lost_police = Denuncie el robo a la policía y guarde el número de la denuncia: lo necesitaremos si alguien ha pagado con la tarjeta.
flow_card_lost_replace = ¿Pido una tarjeta nueva a la dirección que nos consta?
flow_card_lost_no_replacement = De acuerdo. La tarjeta sigue bloqueada; puede pedir una nueva cuando quiera.
flow_card_lost_replaced = { $new_free ->
    [true] Su nueva tarjeta terminada en { $new_last4 } debería llegar a más tardar el { DATE($new_arrives_on) }. Es gratuita.
   *[other] Su nueva tarjeta terminada en { $new_last4 } debería llegar a más tardar el { DATE($new_arrives_on) }. Cuesta { MONEY($new_fee) }.
  }

## Cambiar la tarjeta

flow_card_replace_card = ¿Qué tarjeta quiere cambiar?
flow_card_replace_card_why = La nueva sustituye a esta, que deja de funcionar en cuanto se activa la nueva.
flow_card_replace_reason = ¿Por qué necesita una nueva?
flow_card_replace_reason_why = Algunas sustituciones son gratuitas, por ejemplo la de una tarjeta caducada.
flow_card_replace_reason_damaged = Está dañada
flow_card_replace_reason_expired = Ha caducado o caducará pronto
flow_card_replace_reason_name = Ha cambiado mi nombre
flow_card_replace_confirm = ¿Pido una tarjeta nueva para sustituir esta: { $card_text }? Se enviará a la dirección que nos consta.
flow_card_replace_done = { $new_free ->
    [true] Su nueva tarjeta terminada en { $new_last4 } debería llegar a más tardar el { DATE($new_arrives_on) }. Es gratuita.
   *[other] Su nueva tarjeta terminada en { $new_last4 } debería llegar a más tardar el { DATE($new_arrives_on) }. Cuesta { MONEY($new_fee) }.
  }

## Saldo

flow_balance_one = En su cuenta «{ $account_text }» hay { $balance }.
flow_balance_all = En su cuenta corriente hay { $bank_current } y en su cuenta de ahorro { $bank_savings }.

## Movimientos

flow_transactions_merchant = ¿A qué tienda o empresa fue el dinero? Diga «no» para ver los últimos movimientos.
flow_transactions_merchant_why = Con un nombre puedo mostrarle solo los pagos que busca.
flow_transactions_future = Ese día aún no ha llegado. ¿Desde qué día quiere que busque?
flow_transactions_none = No encuentro ningún movimiento así en los dos últimos meses.
flow_transactions_one = He encontrado uno: { $found_first_amount } a { $found_first_merchant } el { DATE($found_first_date) }.
flow_transactions_list =
    He encontrado { $found_count } movimientos, { $found_total } en total. Los últimos son:
    { $found_transactions }
    .found_transactions = • { DATE($date, style: "medium") }: { $amount }, { $merchant }

## Comisiones

flow_fee_question_last = La última comisión que le cobramos fue de { $fees_amount }, el { DATE($fees_date) }.
flow_fee_question_no_fees = No le hemos cobrado comisiones en los dos últimos meses.
flow_fee_question_dispute = ¿Cree que se le cobró una comisión por error?
flow_fee_question_dispute_why = Si es así, puedo abrir una reclamación ahora mismo.
flow_fee_question_done = De acuerdo.
flow_fee_dispute_amount = ¿De cuánto fue la comisión? Diga «no» si no lo sabe.
flow_fee_dispute_amount_why = El importe me ayuda a encontrar la comisión entre sus movimientos.
flow_fee_dispute_amount_positive = El importe debe ser mayor que cero.
flow_fee_dispute_none = No encuentro ninguna comisión de ese importe en los dos últimos meses.
flow_fee_dispute_fee = ¿De cuál de estas comisiones se trata?
flow_fee_dispute_reason = ¿Por qué no está de acuerdo con ella?
flow_fee_dispute_reason_why = Nuestro equipo estudia el caso según el motivo, y algunos se resuelven al momento.
flow_fee_dispute_reason_not_agreed = No se me informó
flow_fee_dispute_reason_charged_twice = Se cobró dos veces
flow_fee_dispute_reason_not_used = No usé el servicio
flow_fee_dispute_reason_too_high = Es demasiado alta
flow_fee_dispute_confirm = ¿Abro una reclamación por esta comisión: { $fee_text }?
flow_fee_dispute_already = Ya hay una reclamación sobre esta comisión. Le responderemos pronto.
flow_fee_dispute_refunded = La reclamación { $opened_case } está resuelta: hemos devuelto { $opened_amount } a su cuenta corriente.
flow_fee_dispute_opened = He abierto la reclamación { $opened_case } por { $opened_amount }. Tendrá nuestra respuesta a más tardar el { DATE($opened_answer_by) }.

## Préstamo

flow_loan_amount = ¿Cuánto necesita?
flow_loan_amount_why = Las cuotas dependen del importe. Esto es solo un cálculo y no le compromete a nada.
flow_loan_amount_least = Es menos que nuestro préstamo personal más pequeño. ¿Cuánto necesita?
flow_loan_amount_most = Es más que nuestro préstamo personal más grande. Quizá le convenga más una hipoteca o un préstamo para su negocio.
flow_loan_months = ¿En cuántos meses quiere devolverlo?
flow_loan_months_why = Un plazo más largo baja las cuotas y aumenta el total de intereses.
flow_loan_months_range = Un préstamo personal dura de 12 a 84 meses.
flow_loan_income = ¿Cuáles son sus ingresos netos al mes?
flow_loan_income_why = El conjunto de sus cuotas no puede superar el 40 % de los ingresos netos.
flow_loan_income_positive = Los ingresos deben ser mayores que cero.
flow_loan_offer = { $amount } a { $months } meses costarían { $quote_monthly } al mes a un { PERCENT($quote_rate) } anual, { $quote_total } en total. Con sus ingresos puede solicitarlo.
flow_loan_too_much = { $amount } a { $months } meses costarían { $quote_monthly } al mes. Es más del 40 % de sus ingresos, por lo que no podríamos concederlo. Quizá sea posible con un importe menor o un plazo más largo.
flow_loan_appointment = ¿Quiere comentarlo con un asesor?
flow_loan_appointment_why = Un asesor puede estudiar con usted toda su situación, sin coste.
flow_loan_done = De acuerdo. Puede solicitarlo en la app cuando quiera.

## Cita

flow_appointment_topic = ¿De qué le gustaría hablar?
flow_appointment_topic_why = Para que le atienda el asesor adecuado.
flow_appointment_topic_account = Cuenta y tarjetas
flow_appointment_topic_loan = Préstamo
flow_appointment_topic_mortgage = Hipoteca
flow_appointment_topic_investing = Ahorro e inversión
flow_appointment_day = ¿Qué día le viene bien?
flow_appointment_day_why = Buscaré horas libres ese día o el siguiente en que las haya.
flow_appointment_day_past = La cita debe ser mañana o más tarde.
flow_appointment_day_far = Se puede pedir cita con un máximo de 60 días de antelación.
flow_appointment_none_free = No hay ninguna hora libre en las dos semanas siguientes a ese día.
flow_appointment_time = Estas horas están libres. ¿Cuál le viene bien?
flow_appointment_channel = ¿Prefiere venir a la sucursal o hablar por teléfono o por vídeo?
flow_appointment_channel_why = Para que el asesor sepa si debe esperarle o llamarle.
flow_appointment_channel_branch = En la sucursal
flow_appointment_channel_phone = Por teléfono
flow_appointment_channel_video = Por vídeo
flow_appointment_confirm = ¿Reservo esta hora: { $time_text }?
flow_appointment_taken = Lo siento, alguien acaba de reservar esa hora.
flow_appointment_done = Reservado: { DATE($booked_day, style: "full") } a las { TIME($booked_time) }. La referencia es { $booked_reference }.

## Asesoramiento sobre productos

flow_product_advice_need = ¿Qué está buscando?
flow_product_advice_need_why = Para sugerirle solo lo que le conviene.
flow_product_advice_risk = ¿Cuánto riesgo puede correr su dinero?
flow_product_advice_risk_why = Lo exigen la ley y el sentido común: nunca le mostraré nada con más riesgo del que acepte.
flow_product_advice_risk_none = Ninguno, si es posible
flow_product_advice_risk_some = Algo
flow_product_advice_risk_much = Mucho, para ganar más
flow_product_advice_none = No tengo ningún producto que se ajuste a lo que busca y a su situación.
flow_product_advice_appointment = ¿Quiere comentarlo con un asesor?
flow_product_advice_appointment_why = Un asesor puede comparar con usted los productos, sin coste.
flow_product_advice_done = De acuerdo. Encontrará todos nuestros productos en la app.
